using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// The tokens of a sample of values of one skeleton as small numbers, position by position: tokens that come often have a
/// number each, all others share one (another where they have a digit), so that ids and times do not look like knowledge.
/// </summary>
sealed class SampleSymbols
{
    public const int MaxRows = 80;

    /// <summary>Symbols 0 and 1 stand for what came less often than this: without and with a digit.</summary>
    const int Often = 3;

    public const int FirstFrequent = 2;

    const int TableSize = 1 << 8;

    readonly byte[] _symbols = new byte[MaxRows * SeparatorSet.MaxTokens];
    readonly int[] _distinct = new int[SeparatorSet.MaxTokens];
    readonly ulong[] _hashes = new ulong[MaxRows];
    readonly ulong[] _tokens = new ulong[SeparatorSet.MaxTokens * (MaxRows / Often + FirstFrequent)];

    /// <summary>A hash table of the distinct tokens of one position: slots hold 1 + their number.</summary>
    readonly ushort[] _slots = new ushort[TableSize];
    readonly int[] _first = new int[MaxRows];
    readonly int[] _counts = new int[MaxRows];
    readonly int[] _tokenOf = new int[MaxRows];

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
                symbols[i] = (byte)(text.ContainsAnyInRange((byte)'0', (byte)'9') ? 1 : 0);
            }

            Number(position, symbols);
        }
    }

    /// <summary>Gives the tokens that come often numbers, in the order of their first occurrence.</summary>
    void Number(int position, Span<byte> symbols)
    {
        Array.Clear(_slots);
        var distinct = 0;
        for (var i = 0; i < Rows; i++)
        {
            var hash = _hashes[i];
            var slot = (int)(hash & (TableSize - 1));
            while (_slots[slot] != 0 && _hashes[_first[_slots[slot] - 1]] != hash)
            {
                slot = (slot + 1) & (TableSize - 1);
            }

            if (_slots[slot] == 0)
            {
                _first[distinct] = i;
                _counts[distinct] = 0;
                _slots[slot] = (ushort)++distinct;
            }

            _tokenOf[i] = _slots[slot] - 1;
            _counts[_tokenOf[i]]++;
        }

        var next = FirstFrequent;
        for (var token = 0; token < distinct; token++)
        {
            if (_counts[token] < Often)
            {
                _counts[token] = 0;
                continue;
            }

            _tokens[(position * (MaxRows / Often + FirstFrequent)) + next] = _hashes[_first[token]];
            // From now on its symbol.
            _counts[token] = next++;
        }

        for (var i = 0; i < Rows; i++)
        {
            if (_counts[_tokenOf[i]] > 0)
            {
                symbols[i] = (byte)_counts[_tokenOf[i]];
            }
        }

        _distinct[position] = next;
    }
}
