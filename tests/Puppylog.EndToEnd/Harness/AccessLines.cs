using System.Globalization;
using System.Text;

namespace Puppylog.EndToEnd.Harness;

/// <summary>Access-log lines that tell themselves apart by a number in their route.</summary>
static class AccessLines
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Line <paramref name="number"/>, without a newline; times rise with the number, one second each.</summary>
    public static string Line(int number) => Line(number, Start.AddSeconds(number));

    public static string Line(int number, DateTimeOffset time, string section = "seq") =>
        string.Create(CultureInfo.InvariantCulture, $"10.0.{number / 250 % 250}.{number % 250} - - [{ClfTime(time)}] \"GET /{section}/{number:D7} HTTP/1.1\" 200 {number * 7919L % 100_003} \"-\" \"e2e/{number % 17}\"");

    public static byte[] Lines(int from, int count)
    {
        var text = new StringBuilder();
        for (var i = from; i < from + count; i++)
        {
            text.Append(Line(i)).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    public static void Append(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(bytes);
    }

    /// <summary>The lines in the order of their bytes, to compare contents whatever their order.</summary>
    public static string[] Sorted(byte[] lines)
    {
        var sorted = Encoding.Latin1.GetString(lines).Split('\n');
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    /// <summary>Equal byte for byte and in order; a failure shows the text around the first difference.</summary>
    public static void AssertEqual(byte[] expected, byte[] actual) =>
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(actual));

    /// <summary>Equal as multisets of byte-exact lines; a failure names the first that differs.</summary>
    public static void AssertSame(byte[] expected, byte[] actual)
    {
        var (wanted, got) = (Sorted(expected), Sorted(actual));
        for (var i = 0; i < Math.Min(wanted.Length, got.Length); i++)
        {
            Assert.True(wanted[i] == got[i], $"{wanted.Length} lines expected, {got.Length} found; first difference: expected {wanted[i]}, found {got[i]}");
        }

        Assert.Equal(wanted.Length, got.Length);
    }

    static string ClfTime(DateTimeOffset time) =>
        time.ToString("dd/MMM/yyyy:HH:mm:ss ", CultureInfo.InvariantCulture) + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
}
