using System.Text;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>Columns of values that different encodings fit.</summary>
static class ValueKinds
{
    static readonly string[] Odd =
        ["", "-", "-0", "-0.0", "00", "01.5", "1.", ".5", "1e5", "+1", "1.2.3", "1.2.3.4", "256.1.1.1", "01.2.3.4", "1.2.3.4.5", "1.2.3.", "1..2.3", "1.2.3.4 ", "999999999999999999999.5", "NaN", "0.0000000000000000001", "host-1.example.com"];

    static readonly string[] Words = ["lamp", "tent", "user", "blue", "hose", "cache", "worker", "desk", "sensor"];

    /// <summary>Value generators by name: each makes a column that another encoding fits best.</summary>
    public static readonly Dictionary<string, Func<Random, int, byte[]?>> All = new()
    {
        ["constant"] = (_, _) => "same"u8.ToArray(),
        ["empty"] = (_, _) => [],
        ["absent or empty"] = (r, _) => r.Next(3) switch { 0 => null, 1 => [], _ => "x"u8.ToArray() },
        ["few"] = (r, _) => Encoding.UTF8.GetBytes("value " + r.Next(7)),
        ["status"] = (r, _) => Encoding.UTF8.GetBytes((r.Next(10) == 0 ? 500 + r.Next(4) : 200).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ["many"] = (r, _) => Encoding.UTF8.GetBytes("/path/" + r.Next(3000)),
        ["unique"] = (r, i) => Encoding.UTF8.GetBytes($"id {i} {r.NextInt64():x}"),
        ["integers"] = (r, _) => Encoding.UTF8.GetBytes(((long)Math.Exp(r.NextDouble() * 40)).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ["negative"] = (r, _) => Encoding.UTF8.GetBytes(r.NextInt64(-1_000_000_000_000, 1_000_000_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ["ascending"] = (_, i) => Encoding.UTF8.GetBytes((1_700_000_000_000L + (i * 17)).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ["sparse integers"] = (r, _) => r.Next(4) == 0 ? Encoding.UTF8.GetBytes(r.Next().ToString(System.Globalization.CultureInfo.InvariantCulture)) : null,
        ["leading zeros"] = (r, _) => Encoding.UTF8.GetBytes(r.Next(100000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture)),
        ["nearly integers"] = (r, i) => i == 700 ? "-0"u8.ToArray() : Encoding.UTF8.GetBytes(r.Next().ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ["bytes"] = (r, _) => RandomBytes(r, r.Next(40)),
        ["address"] = (r, _) => Text($"{r.Next(256)}.{r.Next(256)}.{r.Next(256)}.{r.Next(256)}"),
        ["few addresses"] = (r, _) => Text($"10.0.{r.Next(3)}.{r.Next(100)}"),
        ["addresses and names"] = (r, _) => r.Next(9) switch
        {
            0 => Text($"2001:db8:{r.Next(65536):x}::{r.Next(65536):x}"),
            1 when r.Next(4) == 0 => Text(Odd[r.Next(Odd.Length)]),
            _ => Text($"{r.Next(256)}.{r.Next(256)}.{r.Next(256)}.{r.Next(256)}"),
        },
        ["sparse addresses"] = (r, _) => r.Next(3) > 0 ? null : Text($"{r.Next(256)}.{r.Next(256)}.{r.Next(256)}.{r.Next(256)}"),
        ["trace id"] = (r, _) => Text($"{r.NextInt64():x16}{r.NextInt64():x16}"),
        ["sparse hex"] = (r, _) => r.Next(3) == 0 ? null : Text($"{r.NextInt64():X16}"),
        ["odd hex"] = (r, _) => Text($"{r.Next(1 << 20):x5}"),
        ["nearly hex"] = (r, i) => Text(i == 3000 ? "0123456789ABCDEF" : $"{r.NextInt64():x16}"),
        ["uuid"] = (r, _) => Text($"{new Guid(RandomBytes(r, 16))}"),
        ["upper uuid"] = (r, _) => Text($"{new Guid(RandomBytes(r, 16))}".ToUpperInvariant()),
        ["nearly uuid"] = (r, i) => Text(i == 900 ? "0f8fad5b-d9cb-469f-a165-7086728_950e" : $"{new Guid(RandomBytes(r, 16))}"),
        ["seconds"] = (r, _) => Text($"{r.Next(300)}.{r.Next(1000):D3}"),
        ["seconds with oddities"] = (r, i) => r.Next(30) == 0 ? Text(Odd[r.Next(Odd.Length)]) : Text((r.NextDouble() * Math.Pow(10, r.Next(8))).ToString("F" + r.Next(5), System.Globalization.CultureInfo.InvariantCulture)),
        ["sparse decimals"] = (r, _) => r.Next(3) == 0 ? null : Text($"-{r.Next(10000)}.{r.Next(10)}0"),
        ["padded"] = (_, i) => Text($"{i * 7:D9}"),
        ["message"] = (r, i) => Text(Message(r, i)),
        ["sparse message"] = (r, i) => r.Next(4) == 0 ? null : r.Next(9) == 0 ? [] : Text(Message(r, i)),
        ["route"] = (r, i) => Text(r.Next(4) switch
        {
            0 => $"/api/v1/search/suggest?limit={10 * r.Next(9)}&offset={r.Next(99)}&session={r.NextInt64():x16}",
            1 => $"/product/{r.Next(99999)}/{Word(r)}-{Word(r)}-{Word(r)}",
            2 => "/",
            _ => $"/media/{Word(r)}/{r.Next(1 << 30):x8}_{160 << r.Next(4)}x{120 << r.Next(4)}.jpg?q={r.Next(99)}",
        }),
        ["syslog"] = (r, i) => Text($"Nov {1 + (i / 3000)} {i / 3600 % 24:D2}:{i / 60 % 60:D2}:{i % 60:D2} {Word(r)}-{r.Next(20):D2} {Word(r)}[{r.Next(32768)}]: {Message(r, i)}"),
        ["prose"] = (r, _) => Text(string.Join(' ', Enumerable.Range(0, r.Next(12)).Select(_ => Word(r)))),
        ["separators"] = (r, _) => Text(string.Concat(Enumerable.Range(0, r.Next(90)).Select(_ => " /-=\0"[r.Next(5)]))),
        ["many tokens"] = (r, _) => Text(string.Join(' ', Enumerable.Range(0, 60).Select(n => n % 2 == 0 ? $"k{n}/{r.Next(5)}" : $"{r.Next(1000)}=-"))),
        ["not UTF-8"] = (r, i) => [.. Text($"took {r.Next(1000)} ms: "), .. RandomBytes(r, 3), .. Text($" and {i}")],
        ["different shapes"] = (r, _) => Text(string.Concat(Enumerable.Range(0, 25).Select(_ => $"{(char)('a' + r.Next(26))}{" \t"[r.Next(2)]}"))),
        ["durations"] = (r, _) => Text($"{r.Next(5000)}ms"),
        ["long"] = (r, _) => r.Next(200) == 0 ? RandomBytes(r, 70_000) : [],
    };

    static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    static string Word(Random random) => Words[random.Next(Words.Length)];

    static string Message(Random random, int row) => random.Next(7) switch
    {
        0 => $"user {random.Next(10_000)} logged in from 10.1.{random.Next(256)}.{random.Next(256)} after {random.Next(5000)} ms",
        1 => $"user {random.Next(10_000)} logged out of session {random.NextInt64():x16} after {random.Next(5000)} ms",
        2 => $"connection to {Word(random)}.example.com:{random.Next(65536)} closed ({random.Next(9)} requests, {random.NextDouble() * 100:F2}% cached)",
        3 => $"request {row:D8} failed: timeout of {random.Next(30)}.{random.Next(10)}s exceeded",
        4 => "reload",
        5 => $"reading /var/lib/{Word(random)}/{random.Next(100)}.db: {random.Next(1 << 30)} bytes, checksum 0x{random.Next():X8}",
        _ => $"{Word(random)} {random.Next()} {Word(random)}",
    };

    static byte[] Text(FormattableString text) => Encoding.UTF8.GetBytes(FormattableString.Invariant(text));

    static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
