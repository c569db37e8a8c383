using Puppylog.Parsing;
using Puppylog.Parsing.Patterns;

namespace Puppylog.Tests.Parsing.Patterns;

public sealed class OwnFormatTests
{
    static string Describe(string format, string line)
    {
        var bytes = FormatTable.Bytes(line);
        return FormatTable.Describe(bytes, ParsedRecord.Parse(LineParsers.Create(format, false), bytes));
    }

    [Theory]
    [InlineData("{time:timestamp} {level} [{thread}] {logger}: {_msg}", "2026-11-21 14:00:05 WARN [main] a.B: x", "2026-11-21T14:00:05Z ; level=warn ; logger=a.B ; thread=main ; _msg=x #")]
    [InlineData("{time:timestamp} {level} [{thread}] {logger}: {_msg}", "2026-11-21 14:00:05  WARN   [main] a.B:    x", "2026-11-21T14:00:05Z ; level=warn ; logger=a.B ; thread=main ; _msg=x #")]
    [InlineData("{time} {message}", "2026-11-21 14:00:05 x", "2026-11-21T14:00:05Z ; _msg=x #")]
    [InlineData("{time:DD.MM.YYYY hh:mm:ss,fff} {_msg}", "21.11.2026 14:00:05,123 x", "2026-11-21T14:00:05.123Z ; _msg=x #")]
    [InlineData("{time:DD.MM.YYYY hh:mm:ss,fff} {_msg}", "2026-11-21 14:00:05,123 x", "! the line does not follow the pattern: at byte 1 expected a time like DD.MM.YYYY hh:mm:ss,fff for _time")]
    [InlineData("{time:ms} {_msg}", "1732197605123 x", "2024-11-21T14:00:05.123Z ; _msg=x #")]
    [InlineData("{time:s} {_msg}", "1732197605.5 x", "2024-11-21T14:00:05.500Z ; _msg=x #")]
    [InlineData("{time:s} {_msg}", "5 x", "1970-01-01T00:00:05Z ; _msg=x #")]
    [InlineData("{host|-} {user|-} {_msg}", "- frank x", "- ; user=frank ; _msg=x #")]
    [InlineData("{a}|{b}|{c}", "1|2|3|4", "- ; a=1 ; b=2 ; c=3|4 ; _msg #")]
    [InlineData("{a}|{b:int}", "1|2|3", "- ; a=1|2 ; b=3 ; _msg #")]
    [InlineData("{a:int}ms{b:number} {c:word} end", "5ms-1.25 x end", "- ; a=5 ; b=-1.25 ; c=x ; _msg #")]
    [InlineData("{a:int}ms{b:number} {c:word} end", "5ms-1.25 x y end", "! the line does not follow the pattern: at byte 12 expected \"end\"")]
    [InlineData("{a:int} x", "5 y", "! the line does not follow the pattern: at byte 3 expected \"x\"")]
    [InlineData("{a:int} x", "5 x ", "! the line does not follow the pattern: at byte 4 expected the end")]
    [InlineData("{{{a}}", "{1}", "- ; a=1 ; _msg #")]
    [InlineData("\\t{a}\\n{b}\\\\", "⇥1⏎2\\", "- ; a=1 ; b=2 ; _msg #")]
    [InlineData("[{ }{level:level}{ }] {_msg}", "[ INFO ] x", "- ; level=info ; _msg=x #")]
    [InlineData("[{ }{level:level}{ }] {_msg}", "[ERROR] x", "- ; level=error ; _msg=x #")]
    [InlineData("{at:timestamp} {_msg}", "2026-11-21 14:00:05 x", "- ; at=2026-11-21 14:00:05 ; _msg=x #")]
    [InlineData("{a}: {_msg}", ": x", "- ; _msg=x #")]
    [InlineData("{a}: {_msg}", "ünï: ö", "- ; a=ünï ; _msg=ö #")]
    [InlineData("{a}→{_msg}", "x→y", "- ; a=x ; _msg=y #")]
    [InlineData("{a:caller} {_msg}", "pkg/main.go:23 x", "- ; a=pkg/main.go:23 ; _msg=x #")]
    public void Patterns_take_lines_apart(string pattern, string line, string expected) => Assert.Equal(expected, Describe("pattern:" + pattern, line));

    [Theory]
    [InlineData("", "at 1: expected a field like {_msg}")]
    [InlineData("no field", "at 1: expected a field like {_msg}")]
    [InlineData("{a", "at 1: expected a } behind {; a brace itself is written {{")]
    [InlineData("x {}", "at 4: expected a field's name behind {")]
    [InlineData("{a}{b}", "at 4: expected text between {a} and {b} that tells where the first ends")]
    [InlineData("{a}{ }{b}", "at 7: expected text between {a} and {b} that tells where the first ends")]
    [InlineData("{a}{ }", "at 6: expected something behind { }, which stands between a field and what follows it")]
    [InlineData("{a} {a}", "at 6: expected a name that was not there before, not a again")]
    [InlineData("{a:nothing}", "at 4: expected one of text, word, level, letter, int, number, name, dotted, caller, timestamp, or a form of a time")]
    [InlineData("{time:int}", "at 7: expected timestamp, or a form of a time like YYYY-MM-DD hh:mm:ss.fff, MMM _D hh:mm:ss or ms")]
    [InlineData("{_raw} x", "at 2: expected a field's name of letters, digits, _, ., - and @, not one of the product's own")]
    [InlineData("{_line.x} x", "at 2: expected a field's name of letters, digits, _, ., - and @, not one of the product's own")]
    [InlineData("{a b} x", "at 2: expected a field's name of letters, digits, _, ., - and @, not one of the product's own")]
    [InlineData("{a} \\x", "at 5: expected \\t, \\n or \\\\ behind a backslash")]
    public void Mistakes_are_told_with_their_place(string pattern, string message)
    {
        Assert.Equal(message, Assert.Throws<PatternException>(() => LinePattern.Parse(pattern)).Message);
        Assert.Equal($"The pattern '{pattern}' is wrong {message}", LineParsers.Check("pattern:" + pattern));
    }

    [Theory]
    [InlineData(@"^(?<time>\S+ \S+) (?<level>\w+) \[(?<thread>[^\]]*)\] (?<message>.*)$", "2026-11-21 14:00:05 WARN [main] x", "2026-11-21T14:00:05Z ; level=warn ; thread=main ; _msg=x")]
    [InlineData(@"(?<a>\d+)(?<b>x)?", "1", "- ; a=1 ; _msg")]
    [InlineData(@"(?<a>ü+) (?<b>.)", "xü ö", "- ; a=ü ; b=ö ; _msg")]
    [InlineData(@"^(?<a>\w+)(?= )", "one two", "- ; a=one ; _msg")]
    [InlineData(@"^(?<time>\d+) (?<msg>.*)", "1732197605 x", "2024-11-21T14:00:05Z ; _msg=x")]
    [InlineData(@"^(?<time>\w+) (?<msg>.*)", "never x", "- ; _msg=x")]
    [InlineData(@"^(?<a>\d+)$", "x", "! the line does not match the expression")]
    [InlineData(@"^(?<a>(?:x|xx)+)(?=[yz])", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "! the expression takes too long on the line")]
    public void Expressions_take_lines_apart(string expression, string line, string expected) => Assert.Equal(expected, Describe("regex:" + expression, line));

    [Theory]
    [InlineData("(?<a>", "Invalid pattern")]
    [InlineData("abc", "expected a named group, like (?<message>.*)")]
    [InlineData("(?<_raw>x)", "a group cannot have the product's own name _raw")]
    public void Wrong_expressions_are_told(string expression, string message)
    {
        var wrong = LineParsers.Check("regex:" + expression);
        Assert.StartsWith($"The regular expression '{expression}' is wrong: ", wrong, StringComparison.Ordinal);
        Assert.Contains(message, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_format_is_told_with_those_that_are_known()
    {
        Assert.Null(LineParsers.Check("logfmt"));
        Assert.StartsWith("There is no format 'xml'; known are combined, clf, json, logfmt, ", LineParsers.Check("xml"), StringComparison.Ordinal);
        Assert.EndsWith("text, pattern:… and regex:….", LineParsers.Check("xml"), StringComparison.Ordinal);
    }
}
