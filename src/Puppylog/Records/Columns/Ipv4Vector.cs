using System.Buffers.Binary;
using System.Globalization;

namespace Puppylog.Records.Columns;

/// <summary>IPv4 addresses whose dotted form (four decimal numbers, no leading zeros) is exactly the value's text.</summary>
/// <param name="count">Records.</param>
/// <param name="addresses">The addresses, the first number in the highest byte; 0 where absent.</param>
/// <param name="present">The records that have the field; null where all have it.</param>
/// <param name="kind">The kind of all values.</param>
sealed class Ipv4Vector(int count, uint[] addresses, RowBitmap? present, ValueKind kind = ValueKind.Text) : ColumnVector(count)
{
    public const int MaxLength = 15;

    /// <summary>The text of each number with a dot behind it, its first byte lowest.</summary>
    static readonly uint[] Dotted = [.. Enumerable.Range(0, 256).Select(Dot)];

    readonly byte[] _scratch = new byte[MaxLength];

    public uint[] Addresses { get; } = addresses;

    public RowBitmap? Present { get; } = present;

    public override bool IsPresent(int row) => Present is null || Present[row];

    public override ReadOnlySpan<byte> Value(int row) => IsPresent(row) ? _scratch.AsSpan(0, Format(Addresses[row], _scratch)) : default;

    public override ValueKind Kind(int row) => kind;

    public override long HeldBytes => 4L * Addresses.Length;

    public override ColumnVector Share() => new Ipv4Vector(Count, Addresses, Present, kind);

    /// <summary>Writes the dotted form and returns its length, at most <see cref="MaxLength"/>.</summary>
    public static int Format(uint address, Span<byte> target)
    {
        var at = 0;
        for (var shift = 24; shift > 0; shift -= 8)
        {
            var number = (byte)(address >> shift);
            BinaryPrimitives.WriteUInt32LittleEndian(target[at..], Dotted[number]);
            at += Digits(number) + 1;
        }

        var last = Dotted[(byte)address];
        for (var left = Digits((byte)address); left > 0; left--)
        {
            target[at++] = (byte)last;
            last >>= 8;
        }

        return at;
    }

    static int Digits(byte number) => number < 10 ? 1 : number < 100 ? 2 : 3;

    static uint Dot(int number) => number.ToString(CultureInfo.InvariantCulture).Append('.').Select((c, i) => (uint)c << (8 * i)).Aggregate((a, b) => a | b);
}
