using System.Buffers.Text;

namespace Puppylog.Records.Columns;

/// <summary>
/// Decimal numbers that print back exactly: a value is its integer (digits and sign) and its number of digits behind the
/// point, so that <c>12.50</c> is 1250 and 2. With a width the value has no point and is padded with zeros to that many digits.
/// </summary>
/// <param name="count">Records.</param>
/// <param name="mantissas">The integers, of at most 18 digits; 0 where absent.</param>
/// <param name="scales">Digits behind the point per record, 0 to 18; a value of 0 digits has no point.</param>
/// <param name="width">Digits of every value, or 0 where they are not padded.</param>
/// <param name="present">The records that have the field; null where all have it.</param>
/// <param name="kind">The kind of all values.</param>
sealed class DecimalVector(int count, long[] mantissas, byte[] scales, int width, RowBitmap? present, ValueKind kind = ValueKind.Text)
    : ColumnVector(count)
{
    /// <summary>A sign, 18 digits, a zero and a point before more digits.</summary>
    public const int MaxLength = 24;

    readonly byte[] _scratch = new byte[MaxLength];

    public long[] Mantissas { get; } = mantissas;

    public byte[] Scales { get; } = scales;

    public int Width { get; } = width;

    public RowBitmap? Present { get; } = present;

    public override bool IsPresent(int row) => Present is null || Present[row];

    public override ReadOnlySpan<byte> Value(int row) => IsPresent(row) ? _scratch.AsSpan(0, Format(row, _scratch)) : default;

    public override ValueKind Kind(int row) => kind;

    public override long HeldBytes => (8L * Mantissas.Length) + Scales.Length;

    public override ColumnVector Share() => new DecimalVector(Count, Mantissas, Scales, Width, Present, kind);

    /// <summary>Writes a value and returns its length, at most <see cref="MaxLength"/>.</summary>
    public int Format(int row, Span<byte> target)
    {
        var mantissa = Mantissas[row];
        var scale = Scales[row];
        var at = 0;
        if (mantissa < 0)
        {
            target[at++] = (byte)'-';
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat((ulong)Math.Abs(mantissa), digits, out var length);
        // At least one digit before the point, and as many as the width.
        for (var least = Math.Max(Width, scale + 1); length < least; length++)
        {
            digits[..length].CopyTo(digits[1..]);
            digits[0] = (byte)'0';
        }

        digits[..(length - scale)].CopyTo(target[at..]);
        at += length - scale;
        if (scale > 0)
        {
            target[at++] = (byte)'.';
            digits[(length - scale)..length].CopyTo(target[at..]);
            at += scale;
        }

        return at;
    }
}
