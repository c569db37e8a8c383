using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// The templates that a column's values followed in the blocks before, with which the next values are cut. Templates are
/// learned from a sample of what follows none.
/// </summary>
sealed class LearnedTemplates
{
    /// <summary>Values that are looked at to learn from.</summary>
    const int Sample = 4096;

    /// <summary>Templates with fewer values of a block are not worth their columns, nor is that share of all.</summary>
    const int MinRows = 12;
    const int MinShare = 2048;

    /// <summary>Values that follow no template are learned from where they are more than this share.</summary>
    const int LeftShare = 32;

    /// <summary>How often in a block templates are learned from what is left.</summary>
    const int Rounds = 3;

    readonly List<LearnedTemplate> _templates = [];
    readonly LearnedTemplate _whole = LearnedTemplate.OfWhole();
    readonly List<LearnedTemplate> _used = [];
    TemplateMatcher? _matcher;

    /// <summary>Where the variables lie.</summary>
    public CopiedValues Copies { get; } = new();

    /// <summary>The set of separators that values are cut with.</summary>
    public int Level { get; private set; }

    /// <summary>True where the templates come from values of this block.</summary>
    public bool AreNew { get; private set; }

    /// <summary>The templates that values of this block follow; one without a constant token at the end for what follows none of the others.</summary>
    public IReadOnlyList<LearnedTemplate> Used => _used;

    /// <summary>Cuts values; false where too few share a shape for templates to be of use.</summary>
    /// <param name="bytes">Where the values lie.</param>
    /// <param name="values">Their places; all are present.</param>
    /// <param name="level">The first set of separators to try.</param>
    /// <param name="isWithin">True where the values are parts of others.</param>
    /// <param name="builder">Learns templates.</param>
    /// <param name="templateOf">Gets the index in <see cref="Used"/> of each value's template.</param>
    public bool TryCut(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level, bool isWithin, TemplateBuilder builder, Span<ushort> templateOf)
    {
        AreNew = _templates.Count == 0;
        if (AreNew)
        {
            Level = builder.LevelFor(bytes, values, level, isWithin);
            if (Level == SeparatorSet.Count)
            {
                return false;
            }
        }

        Copies.Begin(Length(values));
        templateOf.Fill(ushort.MaxValue);
        var left = AreNew ? values.Length : Match(bytes, values, templateOf, 0);
        for (var round = 0; round < Rounds && (_templates.Count == 0 || left > Math.Max(2 * MinRows, values.Length / LeftShare)); round++)
        {
            var known = _templates.Count;
            Learn(bytes, values, builder, templateOf, left);
            if (_templates.Count == known)
            {
                break;
            }

            left = Match(bytes, values, templateOf, known);
        }

        if (TakeUp(bytes, values, templateOf) * 2 <= values.Length)
        {
            return true;
        }

        Clear();
        _templates.Clear();
        // Values of another kind than in the blocks before.
        return !AreNew && TryCut(bytes, values, level, isWithin, builder, templateOf);
    }

    static int Length(ReadOnlySpan<ByteSpan> values)
    {
        var length = 0L;
        foreach (var value in values)
        {
            length += value.Length;
        }

        return (int)Math.Min(length, RecordBatch.FullBytes);
    }

    /// <summary>Learns from values that follow no template.</summary>
    void Learn(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, TemplateBuilder builder, ReadOnlySpan<ushort> templateOf, int left)
    {
        var sample = new ByteSpan[Math.Min(left, Sample)];
        int at = 0, taken = 0;
        for (var i = 0; i < values.Length && taken < sample.Length; i++)
        {
            if (templateOf[i] == ushort.MaxValue && (long)at++ * sample.Length / left >= taken)
            {
                sample[taken++] = values[i];
            }
        }

        builder.Learn(bytes, sample.AsSpan(0, taken), Level, _templates);
        _matcher = new(_templates, SeparatorSet.Get(Level));
    }

    /// <summary>Cuts the values that follow no template yet and returns how many still do not.</summary>
    int Match(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, Span<ushort> templateOf, int first)
    {
        var left = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (templateOf[i] != ushort.MaxValue)
            {
                continue;
            }

            // Older templates had their turn: what they took now would not stand in the order of the values.
            var template = _matcher!.Match(bytes, values[i], out var variables);
            if (template < first)
            {
                left++;
                continue;
            }

            _templates[template].Add(bytes, _matcher.Variables(variables), Copies);
            templateOf[i] = (ushort)template;
        }

        return left;
    }

    /// <summary>Lists the templates that are used, and gives those their values that follow none of them.</summary>
    int TakeUp(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, Span<ushort> templateOf)
    {
        var least = Math.Max(MinRows, values.Length / MinShare);
        _used.Clear();
        Span<ushort> numbers = _templates.Count <= 1024 ? stackalloc ushort[_templates.Count] : new ushort[_templates.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ushort.MaxValue;
            if (_templates[i].Rows >= least)
            {
                numbers[i] = (ushort)_used.Count;
                _used.Add(_templates[i]);
            }
            else
            {
                _templates[i].Clear();
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            ref var template = ref templateOf[i];
            template = template == ushort.MaxValue ? template : numbers[template];
            if (template == ushort.MaxValue)
            {
                template = (ushort)_used.Count;
                _whole.Add(bytes, values.Slice(i, 1), Copies);
            }
        }

        if (_whole.Rows > 0)
        {
            _used.Add(_whole);
        }

        foreach (var template in _used)
        {
            template.Finish();
        }

        return _whole.Rows;
    }

    /// <summary>Forgets the values, to which the templates must not point when their block is done with.</summary>
    public void Clear()
    {
        foreach (var template in _templates)
        {
            template.Clear();
        }

        _whole.Clear();
        _used.Clear();
        Copies.Clear();
    }
}
