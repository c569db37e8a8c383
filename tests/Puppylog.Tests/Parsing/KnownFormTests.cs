using System.Text;
using Puppylog.Parsing;

namespace Puppylog.Tests.Parsing;

/// <summary>Lines of a form that was met before are read another way than the first of their form: to the same records.</summary>
public sealed class KnownFormTests
{
    static readonly string[] JsonValues =
    [
        "\"\"", "\"a\"", "\"a longer text that takes more than thirty-two bytes, and then some more of them\"", "\"esc\\\"aped \\u00e9\\n\"", "\"\\ud83d\"",
        "0", "-1.5e3", "1700000000", "1446249499322.5", "01", "12x", "true", "false", "null", "nul", "[]", "[1,{\"y\":null}]", "{}", "{ }", "{\"b\":1}", "[1,",
        "\"2026-11-21T14:00:05Z\"", "\"2026-11-21T14:00:05.120Z\"", "\"2026-11-21T14:00:65Z\"", "\"21/Nov/2026:14:00:05 +0000\"", "\"info\"", "\"INFO\"", "\"Warnung\"", "30", "17",
        "\"zwei\u00fcnddrei\u00dfig Bytes und ein paar\\\\ dazu\"", "\"not closed", "\"tab\there\"",
    ];

    static readonly string[] LogfmtValues =
    [
        "", "a", "\"\"", "\"two words\"", "\"esc\\\"aped\"", "\"esc\\u00e9\"", "1", "1.5s", "true", "null", "2026-11-21T14:00:05Z", "2026-11-21T14:00:05.1Z",
        "\"2026-11-21T14:00:05Z\"", "info", "INFO", "warning", "\"open", "a\"b", "{x}", "[1]",
    ];

    static readonly string[] Names = ["time", "timestamp", "ts", "@t", "level", "severity", "severityNumber", "msg", "message", "a", "b", "a.b", "_time", "trace_id", "user"];

    [Fact]
    public void Json_of_a_known_form_is_read_as_if_it_came_first() => Compare("json", JsonLine);

    [Fact]
    public void Logfmt_of_a_known_form_is_read_as_if_it_came_first() => Compare("logfmt", random =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"{Pick(random, Names)}={Pick(random, LogfmtValues)}")));

    static void Compare(string format, Func<Random, string> line)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var known = LineParsers.Create(format, false);
            var forms = Enumerable.Range(0, 6).Select(_ => line(random)).ToArray();
            for (var i = 0; i < 200; i++)
            {
                // The same names again with other values, so that most lines have a form that is known.
                var text = Vary(random, Pick(random, forms), format == "json" ? JsonValues : LogfmtValues);
                var bytes = Encoding.UTF8.GetBytes(text);
                var again = ParsedRecord.Parse(known, bytes);
                var anew = ParsedRecord.Parse(LineParsers.Create(format, false), bytes);
                var where = $"seed {seed}, line {i}: {text}";
                Assert.True(anew.Reason == again.Reason, where);
                Assert.True(anew.Time == again.Time && anew.Message == again.Message && anew.LineTime == again.LineTime, where);
                Assert.True(anew.Fields.SequenceEqual(again.Fields), $"{where}\n{anew.Describe()}\n{again.Describe()}");
                Assert.True(anew.Kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).SequenceEqual(again.Kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal)), where);
                Assert.True(again.Composed is null || again.Composed == again.Raw, $"{where}\n{again.Composed}");
            }
        }
    }

    static string JsonLine(Random random) =>
        $"{{{string.Join(',', Enumerable.Range(0, random.Next(0, 6)).Select(_ => $"\"{Pick(random, Names)}\":{(random.Next(8) == 0 ? JsonLine(random) : Pick(random, JsonValues))}"))}}}";

    static string Vary(Random random, string line, string[] values)
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            var from = Pick(random, values);
            var at = from.Length == 0 ? -1 : line.IndexOf(from, StringComparison.Ordinal);
            line = at < 0 ? line : line[..at] + Pick(random, values) + line[(at + from.Length)..];
        }

        return line;
    }

    static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
