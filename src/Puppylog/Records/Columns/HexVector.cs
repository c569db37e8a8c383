namespace Puppylog.Records.Columns;

/// <summary>Hexadecimal texts of one length, and UUIDs, as their bytes.</summary>
/// <param name="count">Records.</param>
/// <param name="layout">How a value is written.</param>
/// <param name="digits">Hexadecimal digits of a value, at least 1.</param>
/// <param name="packed">Per record (digits + 1) / 2 bytes, the first digit in the high half of the first; zeros where absent.</param>
/// <param name="present">The records that have the field; null where all have it.</param>
/// <param name="kind">The kind of all values.</param>
sealed class HexVector(int count, HexLayout layout, int digits, byte[] packed, RowBitmap? present, ValueKind kind = ValueKind.Text) : ColumnVector(count)
{
    readonly byte[] _scratch = new byte[digits + 4];

    public HexLayout Layout { get; } = layout;

    public int Digits { get; } = digits;

    /// <summary>Bytes per record in <see cref="Packed"/>.</summary>
    public int Stride { get; } = (digits + 1) / 2;

    public byte[] Packed { get; } = packed;

    public RowBitmap? Present { get; } = present;

    public override bool IsPresent(int row) => Present is null || Present[row];

    public override ReadOnlySpan<byte> Value(int row) => IsPresent(row) ? _scratch.AsSpan(0, Format(row, _scratch)) : default;

    public override ValueKind Kind(int row) => kind;

    public override long HeldBytes => Packed.Length;

    public override ColumnVector Share() => new HexVector(Count, Layout, Digits, Packed, Present, kind);

    /// <summary>Writes a value and returns its length: its digits, and four more for a UUID.</summary>
    public int Format(int row, Span<byte> target)
    {
        var digits = Layout.IsUpper() ? "0123456789ABCDEF"u8 : "0123456789abcdef"u8;
        var packed = Packed.AsSpan(row * Stride, Stride);
        var dashes = Layout.IsUuid();
        var at = 0;
        for (var i = 0; i < Digits; i++)
        {
            if (dashes && (i is 8 or 12 or 16 or 20))
            {
                target[at++] = (byte)'-';
            }

            target[at++] = digits[(i & 1) == 0 ? packed[i >> 1] >> 4 : packed[i >> 1] & 15];
        }

        return at;
    }
}
