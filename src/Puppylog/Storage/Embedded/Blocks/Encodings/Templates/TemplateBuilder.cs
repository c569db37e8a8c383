using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// Learns templates from values: groups them by the shape that they share, first by their separators, then by the tokens
/// that tell shapes apart (<see cref="ShapeTree"/>). Work is bound by the values' length, with samples of at most
/// <see cref="SampleSymbols.MaxRows"/> values for every decision.
/// </summary>
sealed class TemplateBuilder
{
    /// <summary>Values looked at to choose the separators.</summary>
    const int Sample = 96;

    /// <summary>A shape must have so many values, or this share of all where that is more.</summary>
    const int MinRows = 12;
    const int MinShare = 2048;

    public const int MaxTemplates = 4096;

    readonly SkeletonTable _skeletons = new();
    readonly TokenTable _tokens = new();
    readonly ShapeTree _tree = new();
    int[] _skeletonOf = [];
    int[] _order = [];
    int[] _leaves = [];
    int[] _sorted = [];

    /// <summary>The first set of separators, from one on, that values share sequences of; <see cref="SeparatorSet.Count"/> where none does.</summary>
    /// <param name="bytes">Where the values lie.</param>
    /// <param name="values">Their places; all are present.</param>
    /// <param name="level">The first set of separators to try.</param>
    /// <param name="isWithin">True where the values are parts of others.</param>
    public int LevelFor(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level, bool isWithin)
    {
        while (level < SeparatorSet.Count && ((isWithin && level == SeparatorSet.Fields) || !Fits(bytes, values, level)))
        {
            level++;
        }

        return level;
    }

    /// <summary>Learns templates of values that are cut with one set of separators.</summary>
    /// <param name="bytes">Where the values lie.</param>
    /// <param name="values">Their places; all are present.</param>
    /// <param name="level">The set of separators.</param>
    /// <param name="templates">Gets the templates.</param>
    public void Learn(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level, List<LearnedTemplate> templates)
    {
        Cut(bytes, values, level);
        var minRows = Math.Max(MinRows, values.Length / MinShare);
        Order(values.Length);
        var first = 0;
        for (var i = 0; i < _skeletons.Count; i++)
        {
            var rows = _skeletons.Rows(i);
            if (rows >= minRows)
            {
                AddShapes(bytes, _order.AsSpan(first, rows), i, level, minRows, templates);
            }

            first += rows;
        }
    }

    /// <summary>True where at least half of a sample shares its sequence of separators with others.</summary>
    bool Fits(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level)
    {
        var set = SeparatorSet.Get(level);
        var count = Math.Min(values.Length, Sample);
        Span<int> ends = stackalloc int[SeparatorSet.MaxTokens];
        _skeletons.Clear();
        var telling = 0;
        for (var i = 0; i < count; i++)
        {
            var span = values[(int)((long)i * values.Length / count)];
            var value = bytes.Slice(span.Offset, span.Length);
            set.Split(bytes, span, ends, out var skeleton);
            _skeletons.Add(skeleton);
            telling += level == SeparatorSet.Structure ? value.Contains((byte)'"') ? 1 : 0
                : level < SeparatorSet.AtDigits || value.ContainsAnyInRange((byte)'0', (byte)'9') ? 1 : 0;
        }

        var shared = 0;
        for (var i = 0; i < _skeletons.Count; i++)
        {
            shared += _skeletons.Tokens(i) > 1 && _skeletons.Rows(i) > 2 ? _skeletons.Rows(i) : 0;
        }

        return shared * 2 > count && telling * 2 > count;
    }

    void Cut(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level)
    {
        var set = SeparatorSet.Get(level);
        Resize(values.Length);
        _skeletons.Clear();
        _tokens.Clear(values);
        for (var i = 0; i < values.Length; i++)
        {
            _tokens.Take(i, set.Split(bytes, values[i], _tokens.Next(), out var skeleton));
            _skeletonOf[i] = _skeletons.Add(skeleton);
        }
    }

    /// <summary>Sorts the values by their skeletons; those without one are left out.</summary>
    void Order(int count)
    {
        Span<int> next = stackalloc int[SkeletonTable.MaxSkeletons];
        var total = 0;
        for (var i = 0; i < _skeletons.Count; i++)
        {
            next[i] = total;
            total += _skeletons.Rows(i);
        }

        for (var i = 0; i < count; i++)
        {
            if (_skeletonOf[i] >= 0)
            {
                _order[next[_skeletonOf[i]]++] = i;
            }
        }
    }

    /// <summary>Tells the values of one skeleton apart.</summary>
    void AddShapes(ReadOnlySpan<byte> bytes, Span<int> values, int skeleton, int level, int minRows, List<LearnedTemplate> templates)
    {
        var positions = _skeletons.Tokens(skeleton);
        Span<bool> telling = stackalloc bool[positions];
        for (var i = 0; i < positions; i++)
        {
            telling[i] = level != SeparatorSet.Structure || IsName(skeleton, i);
        }

        _tree.Plan(bytes, _tokens, values, telling);
        if (_tree.Leaves == 1)
        {
            AddShape(bytes, values, skeleton, templates);
            return;
        }

        Span<int> sizes = stackalloc int[_tree.Leaves];
        sizes.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            _leaves[i] = _tree.LeafOf(bytes, _tokens, values[i]);
            sizes[_leaves[i]]++;
        }

        Span<int> next = stackalloc int[sizes.Length];
        for (var i = 1; i < next.Length; i++)
        {
            next[i] = next[i - 1] + sizes[i - 1];
        }

        for (var i = 0; i < values.Length; i++)
        {
            _sorted[next[_leaves[i]]++] = values[i];
        }

        var first = 0;
        foreach (var size in sizes)
        {
            if (size >= minRows)
            {
                AddShape(bytes, _sorted.AsSpan(first, size), skeleton, templates);
            }

            first += size;
        }
    }

    /// <summary>True where a token of a structured line is what another one's value is called: values that say much about each other are no shapes.</summary>
    bool IsName(int skeleton, int position)
    {
        var last = _skeletons.Tokens(skeleton) - 2;
        var after = position <= last ? _skeletons.Separator(skeleton, position) : (byte)0;
        return after is (byte)'=' || (after == '"' && position < last && _skeletons.Separator(skeleton, position + 1) == ':');
    }

    void AddShape(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> values, int skeleton, List<LearnedTemplate> templates)
    {
        if (templates.Count == MaxTemplates - 1)
        {
            return;
        }

        var tokens = new byte[]?[_skeletons.Tokens(skeleton)];
        var separators = new byte[tokens.Length - 1];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = i < SeparatorSet.MaxSeparators ? Constant(bytes, values, i) : null;
            if (i < separators.Length)
            {
                separators[i] = _skeletons.Separator(skeleton, i);
            }
        }

        templates.Add(new(tokens, separators));
    }

    /// <summary>The token that all values have at a position; null where they differ or it has a digit, with which it will not stay the same.</summary>
    byte[]? Constant(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> values, int position)
    {
        var token = _tokens.Token(values[0], position);
        var first = bytes.Slice(token.Offset, token.Length);
        if (first.ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        foreach (var value in values[1..])
        {
            token = _tokens.Token(value, position);
            if (!bytes.Slice(token.Offset, token.Length).SequenceEqual(first))
            {
                return null;
            }
        }

        return first.ToArray();
    }

    void Resize(int count)
    {
        if (_skeletonOf.Length < count)
        {
            var size = Math.Max(count, 4096);
            _skeletonOf = new int[size];
            _leaves = new int[size];
            _sorted = new int[size];
            _order = new int[size];
        }
    }
}
