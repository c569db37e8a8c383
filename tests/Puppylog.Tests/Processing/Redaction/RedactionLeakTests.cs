using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Processing.Options;
using Puppylog.Processing.Redaction;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Tests.Storage.Blocks;

namespace Puppylog.Tests.Processing.Redaction;

/// <summary>Nothing of what was redacted is left, however it came and wherever a block could keep it.</summary>
public sealed class RedactionLeakTests
{
    static readonly string[] Secrets = ["rufus.secretname@kennel-mail.example", "4111111111111111", "hunter2SuperGeheim", "s3cr3tToken0987654321", "AKIDxyz987abc"];

    static RedactOptions All => new() { Detectors = RedactOptions.Known, Patterns = ["AKID[a-z0-9]+"] };

    [Fact]
    public void Nothing_is_left_in_a_block() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Random_bytes_are_rewritten_line_by_line() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), Fuzz).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    static void Check(int seed)
    {
        var random = new Random(seed);
        var format = new[] { "json", "combined", "text" }[random.Next(3)];
        var lines = Enumerable.Range(0, random.Next(1, 40)).Select(_ => Line(random, format)).ToList();
        var redactor = LineRedactor.Create([All])!;
        var batch = new RecordBatch(LineParsers.Create(format, false).Shape);
        var parser = LineParsers.Create(format, false);
        parser.Bind(batch);
        var rewritten = Encoding.UTF8.GetString(redactor.Redact(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        AssertClean(rewritten, lines);
        foreach (var line in rewritten.Split('\n'))
        {
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), $"{reason}: {line}");
        }

        Assert.Equal(lines.Count, batch.Count);
        AssertClean(Encoding.UTF8.GetString(batch.Bytes), lines);
        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        foreach (var name in view.FieldNames.Append("_raw"))
        {
            AssertClean(name, lines);
            for (var row = 0; row < view.Count; row++)
            {
                AssertClean(Encoding.UTF8.GetString(view.Column(name)!.Value(row)), lines);
            }
        }
    }

    static void Fuzz(int seed)
    {
        var random = new Random(seed);
        var pieces = new[] { "@", "a.b", "4111111111111111", "password", "=", ":", "\"", "\\", "\\u0040", "\\u00", "%40", "%", "%4", "://", "Bearer ", "::", "1.2.3.4", "\n", " ", "eyJ", "\ud83d\ude00", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "é", "{", "}", "a", "9" };
        var text = new List<byte>();
        while (text.Count < random.Next(200))
        {
            if (random.Next(4) == 0)
            {
                text.Add((byte)random.Next(256));
            }
            else
            {
                text.AddRange(Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
            }
        }

        var lines = text.ToArray();
        var whole = LineRedactor.Create([All])!.Redact(lines).ToArray();
        Assert.Equal(lines.Count(b => b == '\n'), whole.Count(b => b == '\n'));
        var redactor = LineRedactor.Create([All])!;
        var alone = Encoding.Latin1.GetString(lines).Split('\n').Select(line => Encoding.Latin1.GetString(redactor.Redact(Encoding.Latin1.GetBytes(line))));
        Assert.Equal(string.Join('\n', alone), Encoding.Latin1.GetString(whole));
    }

    static string Line(Random random, string format)
    {
        var secret = Secrets[random.Next(Secrets.Length)];
        var text = Array.IndexOf(Secrets, secret) switch
        {
            2 => random.Next(3) switch { 0 => $"https://bob:{secret}@db.local/x", 1 => $"a=1&password={secret}&b=2", _ => $"api_key={secret}" },
            3 => $"Bearer {secret}",
            _ => $"x {secret} y",
        };
        for (var layers = random.Next(3); layers > 0; layers--)
        {
            text = random.Next(2) == 0 ? UrlEncode(random, text) : JsonEscape(random, text);
        }

        return format switch
        {
            "json" => $"{{\"level\":\"info\",\"n\":{random.Next(9)},\"msg\":\"{JsonEscape(random, text)}\",\"in\":{{\"body\":\"{JsonEscape(random, $"{{\"deep\":\"{JsonEscape(random, text)}\"}}")}\"}}}}",
            "combined" => $"198.51.100.{random.Next(1, 255)} - - [10/Oct/2000:13:55:36 -0700] \"GET /p?q={UrlEncode(random, text)} HTTP/1.1\" 200 5 \"-\" \"{text.Replace("\\", "\\\\", StringComparison.Ordinal)}\"",
            _ => text,
        };
    }

    static string UrlEncode(Random random, string text) =>
        string.Concat(text.Select(c => c is '%' or '\\' or '"' or ' ' || random.Next(c is '@' or ':' or '/' or '=' or '&' ? 2 : 10) == 0 ? $"%{(int)c:X2}" : $"{c}"));

    static string JsonEscape(Random random, string text) =>
        string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : random.Next(10) == 0 ? $"\\u{(int)c:x4}" : $"{c}"));

    static void AssertClean(string text, List<string> lines)
    {
        for (var layer = 0; layer < 6; layer++)
        {
            foreach (var secret in Secrets)
            {
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{secret} is left in {text} of {string.Join('\n', lines)}");
            }

            text = System.Text.RegularExpressions.Regex.Replace(text, text.Contains('\\', StringComparison.Ordinal) ? @"\\u([0-9a-fA-F]{4})|\\(?<3>[""\\/])" : "%(?<2>[0-9a-fA-F]{2})", match =>
                match.Groups[3].Success ? match.Groups[3].Value : $"{(char)Convert.ToInt32(match.Groups[1].Value + match.Groups[2].Value, 16)}");
        }
    }
}
