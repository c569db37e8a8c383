namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// Says which values of one skeleton share a template: values are told apart at the position whose token says most about
/// the other tokens (mutual information over a sample), as long as that saves more than further templates cost. A host
/// name beside a message says nothing about it and remains a variable; the message's verb says what follows.
/// </summary>
sealed class ShapeTree
{
    const int MaxLeaves = 96;
    const int MaxBranches = 40;

    /// <summary>Rows of a sample below which nothing can be said of it.</summary>
    const int MinSample = 12;

    /// <summary>What a variable of another template costs, in bits: its encoding's number, lengths, code tables.</summary>
    const int VariableCost = 160;

    readonly record struct Node(int Position, int FirstBranch, int Branches, int Leaf);

    readonly record struct Branch(ulong Token, int Node);

    static readonly float[] NLogN = [0, .. Enumerable.Range(1, SampleSymbols.MaxRows).Select(n => (float)(n * Math.Log2(n)))];

    readonly SampleSymbols _symbols = new();
    readonly List<Node> _nodes = [];
    readonly List<Branch> _branches = [];
    readonly bool[] _telling = new bool[SeparatorSet.MaxTokens];
    readonly int[] _rows = new int[SampleSymbols.MaxRows];
    readonly int[] _moved = new int[SampleSymbols.MaxRows];
    readonly int[] _counts = new int[256];
    readonly int[] _joint = new int[256];
    double _scale;

    /// <summary>Kinds of values that the tree tells apart; each will be a template.</summary>
    public int Leaves { get; private set; }

    /// <summary>Values of a skeleton below which telling them apart cannot pay.</summary>
    const int MinValues = 64;

    /// <param name="bytes">Where the values lie.</param>
    /// <param name="table">Their tokens.</param>
    /// <param name="values">Which values.</param>
    /// <param name="telling">For each position whether its token may tell values apart.</param>
    public void Plan(ReadOnlySpan<byte> bytes, TokenTable table, ReadOnlySpan<int> values, ReadOnlySpan<bool> telling)
    {
        telling.CopyTo(_telling);
        _nodes.Clear();
        _branches.Clear();
        Leaves = 0;
        if (values.Length < MinValues)
        {
            _nodes.Add(default);
            Leaves = 1;
            return;
        }

        _symbols.Fill(bytes, table, values, telling.Length);
        _scale = (double)values.Length / Math.Max(1, _symbols.Rows);
        for (var i = 0; i < _symbols.Rows; i++)
        {
            _rows[i] = i;
        }

        _nodes.Add(default);
        Grow(0, 0, _symbols.Rows, 0);
    }

    /// <summary>The kind of a value, 0 to <see cref="Leaves"/> - 1.</summary>
    public int LeafOf(ReadOnlySpan<byte> bytes, TokenTable table, int value)
    {
        var node = _nodes[0];
        while (node.Branches > 0)
        {
            var token = table.Token(value, node.Position);
            var hash = TokenTable.Hash(bytes.Slice(token.Offset, token.Length));
            var next = -1;
            for (var i = node.FirstBranch; i < node.FirstBranch + node.Branches; i++)
            {
                if (_branches[i].Token == hash)
                {
                    next = _branches[i].Node;
                    break;
                }
            }

            if (next < 0)
            {
                return node.Leaf;
            }

            node = _nodes[next];
        }

        return node.Leaf;
    }

    void Grow(int node, int start, int end, int depth)
    {
        // Every node has a leaf: an inner one for tokens that the sample did not show.
        var position = depth < 8 && end - start >= MinSample ? BestPosition(start, end) : -1;
        _nodes[node] = new(position, 0, 0, Leaves++);
        if (position < 0)
        {
            return;
        }

        Span<int> sizes = stackalloc int[256];
        Partition(position, start, end, sizes);
        var first = _branches.Count;
        var at = start + sizes[0] + sizes[1];
        for (var symbol = SampleSymbols.FirstFrequent; symbol < _symbols.Distinct(position); symbol++)
        {
            if (sizes[symbol] > 0)
            {
                _branches.Add(new(_symbols.Token(position, symbol), _nodes.Count));
                _nodes.Add(default);
            }
        }

        _nodes[node] = _nodes[node] with { FirstBranch = first, Branches = _branches.Count - first };
        var branch = first;
        for (var symbol = SampleSymbols.FirstFrequent; symbol < _symbols.Distinct(position); symbol++)
        {
            if (sizes[symbol] > 0)
            {
                Grow(_branches[branch++].Node, at, at + sizes[symbol], depth + 1);
                at += sizes[symbol];
            }
        }
    }

    /// <summary>Orders the sample's rows by their symbol.</summary>
    void Partition(int position, int start, int end, Span<int> sizes)
    {
        sizes.Clear();
        var symbols = _symbols.At(position);
        for (var i = start; i < end; i++)
        {
            sizes[symbols[_rows[i]]]++;
        }

        Span<int> next = stackalloc int[256];
        next[0] = start;
        for (var symbol = 1; symbol < next.Length; symbol++)
        {
            next[symbol] = next[symbol - 1] + sizes[symbol - 1];
        }

        for (var i = start; i < end; i++)
        {
            _moved[next[symbols[_rows[i]]]++] = _rows[i];
        }

        _moved.AsSpan(start, end - start).CopyTo(_rows.AsSpan(start));
    }

    int BestPosition(int start, int end)
    {
        var best = -1;
        double most = 0;
        Span<int> sizes = stackalloc int[256];
        for (var position = 0; position < _symbols.Positions; position++)
        {
            var branches = _telling[position] ? Candidates(position, start, end) : 0;
            if (branches is < 1 or > MaxBranches || Leaves + branches > MaxLeaves)
            {
                continue;
            }

            Partition(position, start, end, sizes);
            double gain = 0;
            var variables = 0;
            for (var other = 0; other < _symbols.Positions; other++)
            {
                if (other != position)
                {
                    var whole = Bits(other, start, end, _counts);
                    if (whole > 0)
                    {
                        variables++;
                        gain += whole;
                        for (int symbol = 0, at = start; at < end; at += sizes[symbol++])
                        {
                            gain -= Bits(other, at, at + sizes[symbol], _joint);
                        }
                    }
                }
            }

            gain = (gain * _scale) - (branches * Math.Max(1, variables) * VariableCost);
            if (gain > most)
            {
                most = gain;
                best = position;
            }
        }

        return best;
    }

    /// <summary>Frequent tokens of a position; 0 where it has but one or mostly others.</summary>
    int Candidates(int position, int start, int end)
    {
        var counts = _counts.AsSpan(0, _symbols.Distinct(position));
        counts.Clear();
        var symbols = _symbols.At(position);
        foreach (var row in _rows.AsSpan(start, end - start))
        {
            counts[symbols[row]]++;
        }

        var frequent = 0;
        foreach (var count in counts[SampleSymbols.FirstFrequent..])
        {
            frequent += count > 0 ? 1 : 0;
        }

        var rest = counts[0] + counts[1];
        return rest * 2 > end - start || (frequent == 1 && rest == 0) ? 0 : frequent;
    }

    /// <summary>
    /// Bits that the symbols of these rows need (Shannon), and for the few from which it was estimated half a symbol each
    /// (Miller and Madow 1955).
    /// </summary>
    double Bits(int position, int start, int end, int[] scratch)
    {
        var counts = scratch.AsSpan(0, _symbols.Distinct(position));
        counts.Clear();
        var symbols = _symbols.At(position);
        foreach (var row in _rows.AsSpan(start, end - start))
        {
            counts[symbols[row]]++;
        }

        double bits = NLogN[end - start];
        var distinct = 0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                bits -= NLogN[count];
                distinct++;
            }
        }

        return distinct < 2 ? 0 : bits + ((distinct - 1) * 0.72);
    }
}
