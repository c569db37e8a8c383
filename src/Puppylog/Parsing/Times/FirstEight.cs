using System.Buffers.Binary;

namespace Puppylog.Parsing.Times;

/// <summary>
/// The first eight bytes of a text or of a shape of times (<see cref="TimeShapes"/>), digits and letters told from each other
/// but not among themselves.
/// </summary>
/// <param name="Kinds">A byte each: 0 for a digit, 1 for a letter, else itself.</param>
/// <param name="Counts">All bits of the bytes that count.</param>
readonly record struct FirstEight(ulong Kinds, ulong Counts)
{
    const int Length = sizeof(ulong);
    const ulong Ones = 0x0101_0101_0101_0101;
    const ulong Highs = 0x8080_8080_8080_8080;

    /// <summary>Of a shape, whose first eight bytes have no letters that stand for themselves.</summary>
    public static FirstEight Of(string shape)
    {
        ulong kinds = 0, counts = 0;
        for (var i = 0; i < Length && shape[i] != '*'; i++)
        {
            // A month is digits or letters.
            var (kind, counted) = shape[i] switch
            {
                'Y' or 'D' or 'h' or 'm' or 's' or 'f' => (0, 0xFF),
                'E' => (1, 0xFF),
                'M' => (0, 0xFE),
                '_' => (' ', 0xFF),
                var c => (c, 0xFF),
            };
            kinds |= (ulong)kind << (8 * i);
            counts |= (ulong)counted << (8 * i);
        }

        return new(kinds, counts);
    }

    /// <param name="text">At least eight bytes.</param>
    public static FirstEight Of(ReadOnlySpan<byte> text)
    {
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(text);
        var isAscii = ~bytes & Highs;
        var digits = InRange(bytes & ~Highs, '0', '9') & isAscii;
        var letters = InRange((bytes & ~Highs) | (0x20 * Ones), 'a', 'z') & isAscii;
        var kept = ~(((digits | letters) >> 7) * 0xFF);
        return new((bytes & kept) | (letters >> 7), ulong.MaxValue);
    }

    /// <summary>The highest bit of each byte, all of them below 128, that lies between the two.</summary>
    static ulong InRange(ulong bytes, char first, char last) =>
        ((bytes + ((ulong)(0x80 - first) * Ones)) & ~(bytes + ((ulong)(0x7F - last) * Ones))) & Highs;

    /// <summary>A place for it in a table of so many, a power of two.</summary>
    public int Slot(int count) => (int)((Kinds * 0x9E37_79B9_7F4A_7C15) >> 32) & (count - 1);

    /// <summary>True where a text that begins so may have this shape.</summary>
    public bool MayBegin(FirstEight text) => ((text.Kinds ^ Kinds) & Counts) == 0;
}
