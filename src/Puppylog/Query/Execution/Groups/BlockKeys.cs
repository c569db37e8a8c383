using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// The keys by which the rows of one block are grouped, numbered: so that a group's bytes are looked up once per block.
/// Disposed of when the block is done.
/// </summary>
sealed class BlockKeys : IDisposable
{
    /// <summary>Possible combinations of codes up to which they are numbered by place, and not by a table.</summary>
    const int MaxDirect = 1 << 16;

    readonly ColumnCodes[] _codes;

    /// <summary>A row that has the key, as a place among the rows; null where the number itself says the codes.</summary>
    int[]? _examples;

    public BlockKeys(ColumnVector?[] columns, ImmutableArray<GroupField> fields, ReadOnlySpan<int> rows)
    {
        _codes = new ColumnCodes[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            _codes[i] = new(columns[i], rows, fields[i].Bucket);
        }

        Numbers = _codes[0].Codes;
        Count = _codes[0].Count;
        if (_codes.Length > 1)
        {
            Numbers = ArrayPool<int>.Shared.Rent(rows.Length);
            Combine(rows.Length);
        }
    }

    public int Fields => _codes.Length;

    /// <summary>The number of each row's key (the array may be longer than the rows).</summary>
    public int[] Numbers { get; }

    /// <summary>Above every number; not every number below it need be in use.</summary>
    public int Count { get; private set; }

    /// <summary>A key's bytes (<see cref="GroupKeys"/>); hold until the next call.</summary>
    public ReadOnlySpan<byte> Key(int number, ArrayBufferWriter<byte> scratch)
    {
        if (_codes.Length == 1)
        {
            return _codes[0].Value(number);
        }

        scratch.ResetWrittenCount();
        var left = Count;
        foreach (var column in _codes)
        {
            left /= column.Count;
            var value = column.Value(_examples is null ? number / left % column.Count : column.Codes[_examples[number]]);
            BinaryPrimitives.WriteInt32LittleEndian(scratch.GetSpan(4), value.Length);
            scratch.Advance(4);
            scratch.Write(value);
        }

        return scratch.WrittenSpan;
    }

    public void Dispose()
    {
        if (_codes.Length > 1)
        {
            ArrayPool<int>.Shared.Return(Numbers);
        }

        foreach (var codes in _codes)
        {
            codes.Dispose();
        }
    }

    void Combine(int rows)
    {
        var numbers = Numbers.AsSpan(0, rows);
        _codes[0].Codes.AsSpan(0, rows).CopyTo(numbers);
        var isDirect = true;
        for (var i = 1; i < _codes.Length; i++)
        {
            var codes = _codes[i].Codes.AsSpan(0, rows);
            var count = _codes[i].Count;
            if ((long)Count * count <= MaxDirect)
            {
                Combine(numbers, codes, count);
                Count *= count;
                continue;
            }

            isDirect = false;
            var table = new LongTable();
            for (var row = 0; row < numbers.Length; row++)
            {
                numbers[row] = table.GetOrAdd(((long)numbers[row] * count) + codes[row]);
            }

            Count = table.Count;
        }

        if (!isDirect)
        {
            _examples = new int[Count];
            for (var row = rows - 1; row >= 0; row--)
            {
                _examples[numbers[row]] = row;
            }
        }
    }

    static void Combine(Span<int> numbers, ReadOnlySpan<int> codes, int count)
    {
        var factor = Vector.Create(count);
        var whole = numbers.Length - (numbers.Length % Vector<int>.Count);
        for (var i = 0; i < whole; i += Vector<int>.Count)
        {
            ((new Vector<int>(numbers[i..]) * factor) + new Vector<int>(codes[i..])).CopyTo(numbers[i..]);
        }

        for (var i = whole; i < numbers.Length; i++)
        {
            numbers[i] = (numbers[i] * count) + codes[i];
        }
    }
}
