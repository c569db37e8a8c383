using System.Globalization;

namespace Puppylog.Storage.Embedded.Retention;

/// <summary>How people write what is kept: <c>30d</c>, <c>12h</c>, <c>50GB</c>, <c>forever</c>, <c>unlimited</c>.</summary>
static class RetentionText
{
    public const string Forever = "forever";
    public const string Unlimited = "unlimited";

    /// <summary>Below this the catalogue alone would be most of it.</summary>
    public const long MinBytes = 16 << 20;

    // A year is 365 days, and no age is beyond what a time in nanoseconds can be back.
    static readonly (string Unit, TimeSpan Length)[] Ages =
    [
        ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
        ("w", TimeSpan.FromDays(7)), ("y", TimeSpan.FromDays(365)),
    ];

    static readonly TimeSpan MaxAge = TimeSpan.FromDays(365 * 100);

    // Longest first: MB ends with B.
    static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("B", 1),
    ];

    /// <summary>Reads an age; <see cref="TimeSpan.Zero"/> for <c>forever</c>. False where it is none.</summary>
    public static bool TryParseAge(string text, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        if (text.Equals(Forever, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var (unit, length) in Ages)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && TryNumber(text[..^unit.Length], out var number)
                && number * length.TotalSeconds <= MaxAge.TotalSeconds)
            {
                age = TimeSpan.FromSeconds(number * length.TotalSeconds);
                return age >= TimeSpan.FromSeconds(1);
            }
        }

        return false;
    }

    /// <summary>Reads a size; 0 for <c>unlimited</c>. False where it is none, or less than a store can do with.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        if (text.Equals(Unlimited, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var (unit, size) in Sizes)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                if (!TryNumber(text[..^unit.Length], out var number) || number * size is < MinBytes or > long.MaxValue / 2)
                {
                    return false;
                }

                bytes = (long)(number * size);
                return true;
            }
        }

        return false;
    }

    public static string Format(TimeSpan? age)
    {
        if (age is not { } known)
        {
            return Forever;
        }

        var (unit, length) = Array.FindLast(Ages[..4], candidate => known.Ticks % candidate.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{known / length:0.###}{unit ?? "s"}");
    }

    public static string Format(long? bytes)
    {
        if (bytes is not { } known)
        {
            return Unlimited;
        }

        var (unit, size) = known >= 1_000_000_000_000 ? ("TB", 1e12) : known >= 1_000_000_000 ? ("GB", 1e9) : ("MB", 1e6);
        return string.Create(CultureInfo.InvariantCulture, $"{known / size:0.###}{unit}");
    }

    static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number > 0;
}
