using System.Runtime.InteropServices;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// Groups values by the shape that they share: first by their separators, then by the tokens that tell shapes apart
/// (<see cref="ShapeTree"/>). Values whose shape is rare form a last group without a shape. Work is bound by the values'
/// length, with samples of at most <see cref="SampleSymbols.MaxRows"/> values for every decision.
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
    readonly List<Shape> _shapes = [];
    int[] _skeletonOf = [];
    int[] _order = [];
    int[] _leaves = [];
    int[] _sorted = [];
    ushort[] _shapeOf = [];

    ByteSpan[] _columns = [];

    /// <summary>Values of one shape: a run of <see cref="_order"/>, in ascending order; without a skeleton the rest.</summary>
    /// <param name="Columns">Where its tokens begin in <see cref="_columns"/>, position after position.</param>
    /// <param name="Same">A bit for each position at which all of them have the same token.</param>
    public readonly record struct Shape(int First, int Count, int Skeleton, int Columns = 0, uint Same = 0)
    {
        public bool IsSame(int position) => (Same >> position & 1) != 0;
    }

    /// <summary>The set of separators that the values are cut with.</summary>
    public int Level { get; private set; }

    public ReadOnlySpan<Shape> Shapes => CollectionsMarshal.AsSpan(_shapes);

    /// <summary>The index of each value's shape.</summary>
    public ReadOnlySpan<ushort> ShapeOf(int count) => _shapeOf.AsSpan(0, count);

    /// <summary>The tokens at one position of the values of a shape, in the order of the values.</summary>
    public ReadOnlySpan<ByteSpan> Column(Shape shape, int position) => _columns.AsSpan(shape.Columns + (position * shape.Count), shape.Count);

    public int TokensOf(Shape shape) => shape.Skeleton < 0 ? 1 : _skeletons.Tokens(shape.Skeleton);

    public byte Separator(Shape shape, int index) => _skeletons.Separator(shape.Skeleton, index);

    /// <summary>False where too few values share a shape for templates to be of use.</summary>
    /// <param name="bytes">Where the values lie.</param>
    /// <param name="values">Their places; all are present.</param>
    /// <param name="level">The first set of separators to try.</param>
    public bool TryBuild(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level)
    {
        for (; level < SeparatorSet.Count; level++)
        {
            if (Fits(bytes, values, level))
            {
                Level = level;
                Cut(bytes, values);
                if (Group(bytes, values.Length))
                {
                    Gather(bytes);
                    return true;
                }

                return false;
            }
        }

        return false;
    }

    /// <summary>True where at least half of a sample shares its sequence of separators with others.</summary>
    bool Fits(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values, int level)
    {
        var set = SeparatorSet.Get(level);
        var count = Math.Min(values.Length, Sample);
        Span<int> ends = stackalloc int[SeparatorSet.MaxTokens];
        _skeletons.Clear();
        var digits = 0;
        for (var i = 0; i < count; i++)
        {
            var span = values[(int)((long)i * values.Length / count)];
            set.Split(bytes, span, ends, out var skeleton);
            _skeletons.Add(skeleton);
            if (level == SeparatorSet.AtDigits && bytes.Slice(span.Offset, span.Length).ContainsAnyInRange((byte)'0', (byte)'9'))
            {
                digits++;
            }
        }

        var shared = 0;
        for (var i = 0; i < _skeletons.Count; i++)
        {
            shared += _skeletons.Tokens(i) > 1 && _skeletons.Rows(i) > 2 ? _skeletons.Rows(i) : 0;
        }

        return shared * 2 > count && (level < SeparatorSet.AtDigits || digits * 2 > count);
    }

    void Cut(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> values)
    {
        var set = SeparatorSet.Get(Level);
        Resize(values.Length);
        _skeletons.Clear();
        _tokens.Clear(values);
        for (var i = 0; i < values.Length; i++)
        {
            _tokens.Take(i, set.Split(bytes, values[i], _tokens.Next(), out var skeleton));
            _skeletonOf[i] = _skeletons.Add(skeleton);
        }
    }

    bool Group(ReadOnlySpan<byte> bytes, int count)
    {
        _shapes.Clear();
        var minRows = Math.Max(MinRows, count / MinShare);
        Span<int> next = stackalloc int[SkeletonTable.MaxSkeletons + 1];
        var total = 0;
        for (var i = 0; i < _skeletons.Count; i++)
        {
            next[i] = total;
            total += _skeletons.Rows(i);
        }

        next[_skeletons.Count] = total;
        for (var i = 0; i < count; i++)
        {
            var skeleton = _skeletonOf[i];
            _order[next[skeleton < 0 ? _skeletons.Count : skeleton]++] = i;
        }

        _shapeOf.AsSpan(0, count).Fill(ushort.MaxValue);
        var first = 0;
        for (var i = 0; i < _skeletons.Count; i++)
        {
            var rows = _skeletons.Rows(i);
            if (rows >= minRows)
            {
                AddShapes(bytes, first, rows, i, minRows);
            }

            first += rows;
        }

        return AddRest(count);
    }

    /// <summary>Tells the values of one skeleton apart.</summary>
    void AddShapes(ReadOnlySpan<byte> bytes, int first, int count, int skeleton, int minRows)
    {
        var values = _order.AsSpan(first, count);
        _tree.Plan(bytes, _tokens, values, _skeletons.Tokens(skeleton));
        if (_tree.Leaves == 1)
        {
            AddShape(new(first, count, skeleton));
            return;
        }

        Span<int> sizes = stackalloc int[_tree.Leaves];
        sizes.Clear();
        for (var i = 0; i < count; i++)
        {
            if (i + TokenTable.Ahead < count)
            {
                _tokens.Prefetch(values[i + TokenTable.Ahead]);
                _tokens.Prefetch(bytes, values[i + TokenTable.Ahead]);
            }

            _leaves[i] = _tree.LeafOf(bytes, _tokens, values[i]);
            sizes[_leaves[i]]++;
        }

        Span<int> next = stackalloc int[sizes.Length];
        for (var i = 1; i < next.Length; i++)
        {
            next[i] = next[i - 1] + sizes[i - 1];
        }

        for (var i = 0; i < count; i++)
        {
            _sorted[next[_leaves[i]]++] = values[i];
        }

        _sorted.AsSpan(0, count).CopyTo(values);
        foreach (var size in sizes)
        {
            if (size >= minRows)
            {
                AddShape(new(first, size, skeleton));
            }

            first += size;
        }
    }

    void AddShape(Shape shape)
    {
        if (_shapes.Count < MaxTemplates - 1)
        {
            foreach (var value in _order.AsSpan(shape.First, shape.Count))
            {
                _shapeOf[value] = (ushort)_shapes.Count;
            }

            _shapes.Add(shape);
        }
    }

    bool AddRest(int count)
    {
        var rest = _shapeOf.AsSpan(0, count).Count(ushort.MaxValue);
        if (rest > 0)
        {
            // The list of rows is at its end; what the shapes left over is gathered behind it, in ascending order.
            var at = count;
            for (var i = 0; i < count; i++)
            {
                if (_shapeOf[i] == ushort.MaxValue)
                {
                    _order[at++] = i;
                    _shapeOf[i] = (ushort)_shapes.Count;
                }
            }

            _shapes.Add(new(count, rest, -1));
        }

        return rest * 2 <= count;
    }

    void Gather(ReadOnlySpan<byte> bytes)
    {
        var total = 0;
        for (var i = 0; i < _shapes.Count; i++)
        {
            _shapes[i] = _shapes[i] with { Columns = total };
            total += _shapes[i].Count * TokensOf(_shapes[i]);
        }

        if (_columns.Length < total)
        {
            _columns = new ByteSpan[Math.Max(total, 4096)];
        }

        for (var index = 0; index < _shapes.Count; index++)
        {
            var shape = _shapes[index];
            var values = _order.AsSpan(shape.First, shape.Count);
            if (shape.Skeleton >= 0)
            {
                _shapes[index] = shape with { Same = _tokens.Gather(bytes, values, TokensOf(shape), _columns.AsSpan(shape.Columns)) };
                continue;
            }

            for (var i = 0; i < values.Length; i++)
            {
                _columns[shape.Columns + i] = _tokens.Value(values[i]);
            }
        }
    }

    void Resize(int count)
    {
        if (_skeletonOf.Length < count)
        {
            var size = Math.Max(count, 4096);
            _skeletonOf = new int[size];
            _leaves = new int[size];
            _sorted = new int[size];
            _order = new int[size * 2];
            _shapeOf = new ushort[size];
        }
    }
}
