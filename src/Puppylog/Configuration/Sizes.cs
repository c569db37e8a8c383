using System.Globalization;

namespace Puppylog.Configuration;

/// <summary>Numbers of bytes as people write them: <c>512</c>, <c>64KiB</c>, <c>1.5GB</c>.</summary>
static class Sizes
{
    // Longest first: MB ends with B.
    static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000), ("B", 1), ("", 1),
    ];

    public static bool TryParse(string text, out long bytes)
    {
        var (unit, size) = Array.Find(Units, candidate => text.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
        bytes = 0;
        if (!decimal.TryParse(text.AsSpan()[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / 2 / size)
        {
            return false;
        }

        bytes = (long)(number * size);
        return true;
    }

    /// <summary>The shortest way to write it exactly.</summary>
    public static string Format(long bytes)
    {
        foreach (var (unit, size) in Units.Where(candidate => candidate.Unit.Length > 1).OrderByDescending(candidate => candidate.Bytes))
        {
            if (bytes >= size && bytes % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
