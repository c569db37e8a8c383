using System.Buffers.Text;
using System.Collections.Immutable;

namespace Puppylog.Generation;

/// <summary>Writes made-up records as lines of one format.</summary>
abstract class LineWriter(Randomness random)
{
    /// <summary>No line is longer, its newline included.</summary>
    public const int MaxLength = 1024;

    public static ImmutableArray<string> Formats { get; } = ["combined", "clf", "json", "api_requests"];

    protected Randomness Random { get; } = random;

    /// <exception cref="ArgumentException">None of <see cref="Formats"/>.</exception>
    public static LineWriter Create(string format, Randomness random) => format switch
    {
        "combined" => new AccessLineWriter(random, isCombined: true),
        "clf" => new AccessLineWriter(random, isCombined: false),
        "json" => new JsonLineWriter(random),
        "api_requests" => new ApiRequestLineWriter(random),
        _ => throw new ArgumentException($"There is no format '{format}' to generate; known are {string.Join(", ", Formats)}.", nameof(format)),
    };

    /// <summary>Writes the next line with its newline and returns its length.</summary>
    /// <param name="time">Nanoseconds since 1970, UTC.</param>
    /// <param name="target">At least <see cref="MaxLength"/> bytes.</param>
    public abstract int Write(long time, Span<byte> target);

    protected static int Put(Span<byte> target, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target[at..]);
        return at + text.Length;
    }

    protected static int Put(Span<byte> target, int at, int number)
    {
        Utf8Formatter.TryFormat(number, target[at..], out var length);
        return at + length;
    }

    /// <summary>Writes thousandths as <c>0.734</c>.</summary>
    protected static int PutThousandths(Span<byte> target, int at, int thousandths)
    {
        at = Put(target, at, thousandths / 1000);
        target[at] = (byte)'.';
        target[at + 1] = (byte)('0' + (thousandths / 100 % 10));
        target[at + 2] = (byte)('0' + (thousandths / 10 % 10));
        target[at + 3] = (byte)('0' + (thousandths % 10));
        return at + 4;
    }
}
