using System.Buffers;

namespace Puppylog.Sources.Files;

/// <summary>
/// The names that rotation gives: <c>access.log.1</c>, <c>access.log-20261121.gz</c>, and with a date or number before the
/// extension <c>access-20261121.log</c>, <c>access.1.log</c>.
/// </summary>
static class RotatedName
{
    static readonly SearchValues<char> CountCharacters = SearchValues.Create("0123456789.-_T:Z+");

    // Not looked into.
    static readonly string[] OtherCompressions = [".xz", ".zst", ".bz2", ".lz4", ".zip"];

    /// <summary>True where a file of the one name may have had the other before.</summary>
    public static bool IsOf(string name, string original)
    {
        if (OtherCompressions.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) || name.Length <= original.Length)
        {
            return false;
        }

        if (name.StartsWith(original, StringComparison.Ordinal))
        {
            return IsSeparator(name[original.Length]);
        }

        var (stem, extension) = Split(original);
        var plain = WithoutCompression(name);
        return extension.Length > 0 && plain.Length > original.Length && plain.StartsWith(stem, StringComparison.Ordinal)
            && plain.EndsWith(extension, StringComparison.Ordinal) && IsCount(plain.AsSpan(stem.Length, plain.Length - stem.Length - extension.Length));
    }

    /// <summary>The names that a file of this name may have had before.</summary>
    public static IEnumerable<string> Originals(string name)
    {
        var compressed = name;
        name = WithoutCompression(name);
        if (name != compressed)
        {
            yield return name;
        }

        var (stem, extension) = Split(name);
        for (var at = name.Length - 1; at > 0 && name[at] != '/'; at--)
        {
            if (!IsSeparator(name[at]) || name[at - 1] == '/')
            {
                continue;
            }

            yield return name[..at];
            if (at < stem.Length && IsCount(stem.AsSpan(at)))
            {
                yield return stem[..at] + extension;
            }
        }
    }

    /// <summary>The name that is rotated: under it the positions of the others are kept, so that they are found when names move on.</summary>
    public static string Base(string name) =>
        Originals(name).FirstOrDefault(original => name.StartsWith(original, StringComparison.Ordinal) && File.Exists(original)) ?? name;

    /// <summary>The longest text that all the names begin with.</summary>
    public static string CommonBeginning(string original) => Split(original).Stem;

    /// <summary>The number at the end of <c>access.log.3.gz</c>; 0 for none.</summary>
    public static int Number(string name)
    {
        name = WithoutCompression(name);
        var digits = name.AsSpan()[(name.LastIndexOf('.') + 1)..];
        return digits.Length < 6 && int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    static string WithoutCompression(string name) => name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;

    static (string Stem, string Extension) Split(string name)
    {
        var extension = Path.GetExtension(name);
        return (name[..^extension.Length], extension);
    }

    static bool IsCount(ReadOnlySpan<char> text) =>
        text.Length > 1 && IsSeparator(text[0]) && text.ContainsAnyInRange('0', '9') && !text.ContainsAnyExcept(CountCharacters);

    static bool IsSeparator(char character) => character is '.' or '-' or '_';
}
