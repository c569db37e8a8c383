using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// The tokens of a sample of values of one skeleton as small numbers, position by position: tokens that come often have a
/// number each, all others share one (another where they have a digit), so that ids and times do not look like knowledge.
/// </summary>
sealed class SampleSymbols
{
    public const int MaxRows = 160;

    /// <summary>Symbols 0 and 1 stand for what came less often than this: without and with a digit.</summary>
    const int Often = 3;

    public const int FirstFrequent = 2;

    readonly byte[] _symbols = new byte[MaxRows * SeparatorSet.MaxTokens];
    readonly int[] _distinct = new int[SeparatorSet.MaxTokens];
    readonly ulong[] _hashes = new ulong[MaxRows];
    readonly ulong[] _tokens = new ulong[SeparatorSet.MaxTokens * (MaxRows / Often + FirstFrequent)];
    readonly int[] _order = new int[MaxRows];

    public int Rows { get; private set; }

    public int Positions { get; private set; }

    /// <summary>The symbols of a position, one per row of the sample.</summary>
    public ReadOnlySpan<byte> At(int position) => _symbols.AsSpan(position * MaxRows, Rows);

    /// <summary>One more than the highest symbol of a position.</summary>
    public int Distinct(int position) => _distinct[position];

    /// <summary>The hash of the token that a frequent symbol stands for.</summary>
    public ulong Token(int position, int symbol) => _tokens[(position * (MaxRows / Often + FirstFrequent)) + symbol];

    /// <param name="bytes">Where the values lie.</param>
    /// <param name="table">Their tokens.</param>
    /// <param name="values">The values of the skeleton.</param>
    /// <param name="positions">Tokens of each.</param>
    public void Fill(ReadOnlySpan<byte> bytes, TokenTable table, ReadOnlySpan<int> values, int positions)
    {
        Rows = Math.Min(values.Length, MaxRows);
        Positions = positions;
        for (var position = 0; position < positions; position++)
        {
            var symbols = _symbols.AsSpan(position * MaxRows, Rows);
            for (var i = 0; i < Rows; i++)
            {
                var token = table.Token(values[(int)((long)i * values.Length / Rows)], position);
                var text = bytes.Slice(token.Offset, token.Length);
                _hashes[i] = TokenTable.Hash(text);
                _order[i] = i;
                symbols[i] = (byte)(text.ContainsAnyInRange((byte)'0', (byte)'9') ? 1 : 0);
            }

            Number(position, symbols);
        }
    }

    void Number(int position, Span<byte> symbols)
    {
        Array.Sort(_hashes, _order, 0, Rows);
        var next = FirstFrequent;
        for (var start = 0; start < Rows;)
        {
            var end = start + 1;
            while (end < Rows && _hashes[end] == _hashes[start])
            {
                end++;
            }

            if (end - start >= Often)
            {
                foreach (var row in _order.AsSpan(start, end - start))
                {
                    symbols[row] = (byte)next;
                }

                _tokens[(position * (MaxRows / Often + FirstFrequent)) + next] = _hashes[start];
                next++;
            }

            start = end;
        }

        _distinct[position] = next;
    }
}
