using System.Buffers.Text;

namespace Puppylog.Records.Columns;

/// <summary>Integers whose decimal form (no leading zero, no plus) is exactly the value's text.</summary>
sealed class IntegerVector(int count, long[] values, RowBitmap? present, ValueKind kind = ValueKind.Text) : ColumnVector(count)
{
    readonly byte[] _scratch = new byte[24];

    /// <summary>The integers; 0 where absent (the array may be longer than the count).</summary>
    public long[] Values { get; } = values;

    /// <summary>The records that have the field; null where all have it.</summary>
    public RowBitmap? Present { get; } = present;

    public override bool IsPresent(int row) => Present is null || Present[row];

    public override ReadOnlySpan<byte> Value(int row)
    {
        if (!IsPresent(row))
        {
            return default;
        }

        Utf8Formatter.TryFormat(Values[row], _scratch, out var written);
        return _scratch.AsSpan(0, written);
    }

    public override ValueKind Kind(int row) => kind;

    public override long HeldBytes => 8L * Values.Length;

    public override ColumnVector Share() => new IntegerVector(Count, Values, Present, kind);
}
