using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// The templates of lines, learned from them: the parser tells lines apart by a signature of what stands between their
/// values, and the first line of each makes its template. Two that fall together cost room only, as the encoder compares.
/// </summary>
sealed class LineForms
{
    /// <summary>More are not remembered: a source that goes on inventing forms is not worth it.</summary>
    const int MaxKnown = 2048;

    /// <summary>New templates in one batch, which can name no more.</summary>
    const int MaxLearned = 255;

    readonly Dictionary<ulong, Entry> _entries = [];
    RecordBatch _batch = null!;
    Entry? _last;
    ulong _lastSignature;
    int _binding;
    int _learned;

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _binding++;
        _learned = 0;
        _last = null;
    }

    /// <summary>The number in the batch of the template of lines with this signature; false where none is known yet.</summary>
    public bool TryFind(ulong signature, out byte number)
    {
        if (_last is null || signature != _lastSignature)
        {
            if (!_entries.TryGetValue(signature, out _last))
            {
                number = 0;
                return _learned >= MaxLearned;
            }

            _lastSignature = signature;
        }

        number = Number(_last);
        return true;
    }

    /// <summary>Takes up the template of lines with this signature; its number, 0 where a template cannot say it.</summary>
    public byte Learn(ulong signature, IReadOnlyList<TemplatePart>? parts)
    {
        if (_entries.Count >= MaxKnown)
        {
            _entries.Clear();
        }

        _learned++;
        _last = new(parts is null ? null : LineTemplate.TryMake(Joined(parts)));
        _lastSignature = signature;
        _entries[signature] = _last;
        return Number(_last);
    }

    byte Number(Entry entry)
    {
        if (entry.Binding != _binding)
        {
            entry.Binding = _binding;
            entry.Number = entry.Template is null ? (byte)0 : _batch.AddTemplate(entry.Template);
        }

        return entry.Number;
    }

    /// <summary>The parts with neighbouring literals made one, as a template has them.</summary>
    static List<TemplatePart> Joined(IReadOnlyList<TemplatePart> parts)
    {
        var joined = new List<TemplatePart>(parts.Count);
        foreach (var part in parts)
        {
            if (part.Kind == TemplatePartKind.Literal && joined.Count > 0 && joined[^1].Kind == TemplatePartKind.Literal)
            {
                joined[^1] = new(TemplatePartKind.Literal, joined[^1].Text + part.Text);
            }
            else if (part.Kind != TemplatePartKind.Literal || part.Text.Length > 0)
            {
                joined.Add(part);
            }
        }

        return joined;
    }

    sealed class Entry(LineTemplate? template)
    {
        public LineTemplate? Template { get; } = template;

        public int Binding { get; set; }

        public byte Number { get; set; }
    }
}
