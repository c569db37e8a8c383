using Puppylog.Query;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Tests.Query.Filters.Parsing;

public sealed class FilterParserTests
{
    static readonly long Now = Timestamps.FromDateTime(new(2026, 11, 21, 14, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("error", "error")]
    [InlineData("\"error\"", "error")]
    [InlineData("'it is \"so\"'", "\"it is \\\"so\\\"\"")]
    [InlineData("\"and\"", "\"and\"")]
    [InlineData("`a\\b`", "\"a\\\\b\"")]
    [InlineData("*", "*")]
    [InlineData("err*", "err*")]
    [InlineData("\"cannot op\"*", "\"cannot op\"*")]
    [InlineData("*ampl*", "*ampl*")]
    [InlineData("*\"a b\"*", "*\"a b\"*")]
    [InlineData("a b", "a b")]
    [InlineData("a AND b", "a b")]
    [InlineData("a or b c", "a or b c")]
    [InlineData("(a or b) c", "(a or b) c")]
    [InlineData("(a b) c", "a b c")]
    [InlineData("not a or b", "!a or b")]
    [InlineData("!(a or b)", "!(a or b)")]
    [InlineData("!(a b)", "!(a b)")]
    [InlineData("-a !b not c", "!a !b !c")]
    [InlineData("!!a", "a")]
    [InlineData("!-!a", "!a")]
    [InlineData("error # a comment", "error")]
    [InlineData("level:error", "level:error")]
    [InlineData("\"log level\":error", "\"log level\":error")]
    [InlineData("message:error time:5m", "error _time:5m")]
    [InlineData("ip:10.0.0.1:80", "ip:\"10.0.0.1:80\"")]
    [InlineData("url:http://x/y", "url:\"http://x/y\"")]
    [InlineData("level:(a or b -c)", "level:a or level:b !level:c")]
    [InlineData("level:(*)", "level:*")]
    [InlineData("level:!error", "!level:error")]
    [InlineData("level:-error", "!level:error")]
    [InlineData("level:not error", "!level:error")]
    [InlineData("level:*", "level:*")]
    [InlineData("level:\"\"", "level:\"\"")]
    [InlineData("level:=\"\"", "level:\"\"")]
    [InlineData("level:\"\"*", "level:*")]
    [InlineData("level:=error", "level:=error")]
    [InlineData("level:exact(error)", "level:=error")]
    [InlineData("level:=\"a b\"*", "level:=\"a b\"*")]
    [InlineData("=error", "_msg:=error")]
    [InlineData("level=error", "level:=error")]
    [InlineData("level!=error", "!level:=error")]
    [InlineData("level:!=error", "!level:=error")]
    [InlineData("level~\"e.r\"", "level:~\"e.r\"")]
    [InlineData("level=~\"e.r\"", "level:~\"e.r\"")]
    [InlineData("level!~\"e.r\"", "!level:~\"e.r\"")]
    [InlineData("level:re(\"e.r\")", "level:~\"e.r\"")]
    [InlineData("~\"e\\d\"", "~\"e\\\\d\"")]
    [InlineData("status>=500", "status:>=500")]
    [InlineData("status:>=500", "status:>=500")]
    [InlineData("status:> 500", "status:>500")]
    [InlineData("t:<-5", "t:<\"-5\"")]
    [InlineData("size:>10KiB", "size:>10KiB")]
    [InlineData("user:<\"John D\"", "user:<\"John D\"")]
    [InlineData("ip:>10.0.0.1", "ip:>10.0.0.1")]
    [InlineData("d:range(1, 10s]", "d:range(1, 10s]")]
    [InlineData("d:range[1,inf)", "d:range[1, inf)")]
    [InlineData("a:in(b, \"c d\", -1,)", "a:in(b, \"c d\", \"-1\")")]
    [InlineData("a:in()", "a:in()")]
    [InlineData("a:in(*)", "*")]
    [InlineData("i(Error) a:i(\"B c\"*)", "i(Error) a:i(\"B c\"*)")]
    [InlineData("seq(a, \"b c\")", "seq(a, \"b c\")")]
    [InlineData("contains_all(a, b) x:contains_any(c)", "contains_all(a, b) x:contains_any(c)")]
    [InlineData("a:len_range(5, inf)", "a:len_range(5, inf)")]
    [InlineData("a:ipv4_range(10.0.0.0/8)", "a:ipv4_range(10.0.0.0/8)")]
    [InlineData("a:ipv4_range(\"10.0.0.1\", 10.0.0.9)", "a:ipv4_range(10.0.0.1, 10.0.0.9)")]
    [InlineData("a:string_range(b, c)", "a:string_range(b, c)")]
    [InlineData("_time:5m", "_time:5m")]
    [InlineData("_time:5m offset 1h", "_time:5m offset 1h")]
    [InlineData("_time:2026-11-21T14:00:05+01:00", "_time:2026-11-21T14:00:05+01:00")]
    [InlineData("_time:[2026-11-21, 2026-11-22T10:00)", "_time:[2026-11-21, 2026-11-22T10:00)")]
    [InlineData("_time:\"2026-11-21 14:00\"", "_time:\"2026-11-21 14:00\"")]
    [InlineData("_time:>=2026", "_time:>=2026")]
    [InlineData("_time>1h", "_time:>1h")]
    [InlineData("_time:!5m", "!_time:5m")]
    [InlineData("_time:day_range[08:00, 18:00) offset 2h", "_time:day_range[08:00, 18:00) offset 2h")]
    [InlineData("_time:week_range[Monday, fri]", "_time:week_range[Mon, Fri]")]
    [InlineData("{a=\"b\", c!~'d|e' or f in (g, h)}", "{a=\"b\",c!~\"d|e\" or f in (g, h)}")]
    [InlineData("_stream:{a=\"b\"}", "{a=\"b\"}")]
    [InlineData("{}", "{}")]
    [InlineData("სფერო:τιμή", "სფერო:τιμή")]
    [InlineData("not:a", "\"not\":a")]
    public void Query_prints_canonically_and_its_print_parses_to_itself(string query, string expected)
    {
        var print = QueryParser.Parse(query, Now).ToString();
        Assert.Equal(expected, print);
        Assert.Equal(expected, QueryParser.Parse(print, Now).ToString());
    }

    [Theory]
    [InlineData("", "expected a filter, found the end of the query\n  \n  ^")]
    [InlineData("a or", "expected a filter, found the end of the query\n  a or\n      ^")]
    [InlineData("or a", "expected a filter, found 'or'; put it in quotes to search for it\n  or a\n  ^")]
    [InlineData("level:or", "expected a value, found 'or'; put it in quotes to search for it\n  level:or\n        ^")]
    [InlineData("(a", "expected another filter or ')', found the end of the query\n  (a\n    ^")]
    [InlineData("a)", "expected '|', another filter or the end of the query, found ')'\n  a)\n   ^")]
    [InlineData("a ]", "expected a filter, found ']'\n  a ]\n    ^")]
    [InlineData("level:", "expected a value for the field level, found the end of the query\n  level:\n        ^")]
    [InlineData("level:|", "expected a value for the field level, found '|'\n  level:|\n        ^")]
    [InlineData("status > 500", "expected a field right before '>', as in status>500\n  status > 500\n         ^")]
    [InlineData("status >= 500", "expected a field right before '>', as in status>500\n  status >= 500\n         ^")]
    [InlineData("foo(bar)", "unknown function foo: expected contains_all, contains_any, exact, i, in, ipv4_range, len_range, range, re, seq or string_range, or white space before '('\n  foo(bar)\n  ^")]
    [InlineData("a=b=c", "expected white space after 'b', found '='; put the whole value in quotes if that belongs to it\n  a=b=c\n     ^")]
    [InlineData("foo*bar", "expected white space after '*', found 'bar'; put the whole value in quotes if that belongs to it\n  foo*bar\n      ^")]
    [InlineData("*foo", "expected '*' right after 'foo', as in *foo*\n  *foo\n      ^")]
    [InlineData("a \"b", "the string that begins here is not closed: expected \"\n  a \"b\n    ^")]
    [InlineData("a:~\"b(\"", "expected a regular expression: Not enough )'s (after 2 characters)\n  a:~\"b(\"\n     ^")]
    [InlineData("a:~\"(?=b)\"", "expected a regular expression: look-around, backreferences and atomic groups are not supported, as they cannot be run in linear time\n  a:~\"(?=b)\"\n     ^")]
    [InlineData("a:~\"[[:alpha:]]\"", "expected a regular expression: classes like [:alpha:] are not supported, write \\p{L} or a-z\n  a:~\"[[:alpha:]]\"\n     ^")]
    [InlineData("{a=~\"b)|(c\"}", "expected a regular expression: Too many )'s (after 2 characters)\n  {a=~\"b)|(c\"}\n      ^")]
    [InlineData("a:range(1, x)", "expected a number, duration or size, as 10, 1.5s or 10KiB, found 'x'\n  a:range(1, x)\n             ^")]
    [InlineData("a:range(1, 2", "expected ')' or ']', found the end of the query\n  a:range(1, 2\n              ^")]
    [InlineData("a:in(b c)", "expected ',' or ')', found 'c'\n  a:in(b c)\n         ^")]
    [InlineData("a:in(b", "expected ',' or ')', found the end of the query\n  a:in(b\n        ^")]
    [InlineData("a:ipv4_range(10.0.0)", "expected an IPv4 address or network, as 10.0.0.1 or 10.0.0.0/8, found '10.0.0'\n  a:ipv4_range(10.0.0)\n               ^")]
    [InlineData("_time:soon", "expected a duration as 5m, a time as 2026-11-21 or 2026-11-21T14:00, or a range as [2026-11-21, 2026-11-22), found 'soon'\n  _time:soon\n        ^")]
    [InlineData("_time:[2026-11-31, now]", "expected a time as 2026-11-21, 2026-11-21T14:00:05Z or now-5m, found '2026-11-31'\n  _time:[2026-11-31, now]\n         ^")]
    [InlineData("_stream_id:a", "filters on _stream_id are not supported: expected a selector as {file_path=\"…\"} or another field\n  _stream_id:a\n  ^")]
    [InlineData("{a}", "expected =, !=, =~, !~, in or not_in, found '}'\n  {a}\n    ^")]
    [InlineData("{a=\"b\" c=\"d\"}", "expected ',', or, or '}', found 'c'\n  {a=\"b\" c=\"d\"}\n         ^")]
    [InlineData("don't", "the string that begins here is not closed: expected '\n  don't\n     ^")]
    [InlineData("a && b", "expected a filter, found '&&'; write 'and', or put it in quotes to search for it\n  a && b\n    ^")]
    [InlineData("a || b", "expected a pipe such as stats, sort or limit, found '|'; write 'or' between filters of which one is to match\n  a || b\n     ^")]
    [InlineData("status==200", "expected a value, found a second '=': one compares, as in status=500\n  status==200\n         ^")]
    public void Error_names_the_place_and_what_was_expected(string query, string expected)
    {
        var error = Assert.Throws<LogsqlException>(() => QueryParser.Parse(query, Now));
        Assert.Equal(expected, error.Describe());
    }

    [Theory]
    [InlineData("* | stat count()", "unknown pipe 'stat'; did you mean 'stats'?")]
    [InlineData("* | grep x", "unknown pipe 'grep'; did you mean 'filter'?")]
    [InlineData("* | count", "unknown pipe 'count'; did you mean 'count(…)'?")]
    [InlineData("* | stats cuont()", "unknown statistic 'cuont'; did you mean 'count'?")]
    [InlineData("* | stats median_of(a)", "unknown statistic 'median_of'; known are")]
    public void Unknown_word_is_answered_with_the_nearest(string query, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<LogsqlException>(() => QueryParser.Parse(query, Now)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(300)]
    public void Of_a_long_query_the_part_around_the_place_is_shown(int before)
    {
        var lines = Assert.Throws<LogsqlException>(() => QueryParser.Parse(new string('a', before) + "==" + new string('b', 300 - before), Now)).Describe().Split('\n');
        Assert.InRange(lines[1].Length, 80, 165);
        Assert.Equal('^', lines[2][^1]);
        Assert.Equal('=', lines[1][lines[2].Length - 1]);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-(")]
    [InlineData("!(")]
    public void Deep_nesting_is_refused(string open)
    {
        var query = string.Concat(Enumerable.Repeat(open, 100_000)) + "a" + new string(')', 100_000);
        Assert.Contains("at most 200 levels", Assert.Throws<LogsqlException>(() => QueryParser.Parse(query, Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_negations_are_none() =>
        Assert.Equal("a", QueryParser.Parse(new string('!', 100_000) + "a", Now).ToString());

    [Theory]
    [InlineData("_time:5m", "2026-11-21T13:55:00.000000001Z", "2026-11-21T14:00:00Z")]
    [InlineData("_time:5m offset 1h", "2026-11-21T12:55:00.000000001Z", "2026-11-21T13:00:00Z")]
    [InlineData("_time:2026-11-21", "2026-11-21T00:00:00Z", "2026-11-21T23:59:59.999999999Z")]
    [InlineData("_time:2026-11-21Z offset 1d", "2026-11-20T00:00:00Z", "2026-11-20T23:59:59.999999999Z")]
    [InlineData("_time:2026-11", "2026-11-01T00:00:00Z", "2026-11-30T23:59:59.999999999Z")]
    [InlineData("_time:2026-12", "2026-12-01T00:00:00Z", "2026-12-31T23:59:59.999999999Z")]
    [InlineData("_time:2024", "2024-01-01T00:00:00Z", "2024-12-31T23:59:59.999999999Z")]
    [InlineData("_time:2023-02-07:00", "2023-02-01T07:00:00Z", "2023-03-01T06:59:59.999999999Z")]
    [InlineData("_time:2026-11-21T14", "2026-11-21T14:00:00Z", "2026-11-21T14:59:59.999999999Z")]
    [InlineData("_time:2026-11-21T14:30", "2026-11-21T14:30:00Z", "2026-11-21T14:30:59.999999999Z")]
    [InlineData("_time:2026-11-21T14:30:05+05:30", "2026-11-21T09:00:05Z", "2026-11-21T09:00:05.999999999Z")]
    [InlineData("_time:2026-11-21T14:30:05.25Z", "2026-11-21T14:30:05.250Z", "2026-11-21T14:30:05.259999999Z")]
    [InlineData("_time:2026-11-21T14:30:05.000000000Z", "2026-11-21T14:30:05Z", "2026-11-21T14:30:05Z")]
    [InlineData("_time:[2026-11-20, 2026-11-21]", "2026-11-20T00:00:00Z", "2026-11-21T23:59:59.999999999Z")]
    [InlineData("_time:[2026-11-20, 2026-11-21)", "2026-11-20T00:00:00Z", "2026-11-20T23:59:59.999999999Z")]
    [InlineData("_time:(2026-11-20, now-1h]", "2026-11-21T00:00:00Z", "2026-11-21T13:00:00Z")]
    [InlineData("_time:[1700000000, 1700000001]", "2023-11-14T22:13:20Z", "2023-11-14T22:13:21.999999999Z")]
    [InlineData("_time:>=2026-11-20 _time:<2026-11-21", "2026-11-20T00:00:00Z", "2026-11-20T23:59:59.999999999Z")]
    [InlineData("_time:>2026-11-19 _time:<=2026-11-21", "2026-11-20T00:00:00Z", "2026-11-21T23:59:59.999999999Z")]
    [InlineData("_time:<=2h _time:>=1h", "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z")]
    [InlineData("_time:2026-11-20 or _time:2026-11-18", "2026-11-18T00:00:00Z", "2026-11-20T23:59:59.999999999Z")]
    public void Time_filter_narrows_to_its_range(string query, string first, string last)
    {
        var (min, max) = (long.MinValue, long.MaxValue);
        QueryParser.Parse(query, Now).Filter.NarrowTime(ref min, ref max);
        Assert.Equal((first, last), (Timestamps.ToRfc3339(min), Timestamps.ToRfc3339(max)));
    }

    [Theory]
    [InlineData("!_time:5m")]
    [InlineData("_time:5m or error")]
    public void Filter_that_does_not_bound_time_leaves_it(string query)
    {
        var (min, max) = (long.MinValue, long.MaxValue);
        QueryParser.Parse(query, Now).Filter.NarrowTime(ref min, ref max);
        Assert.Equal((long.MinValue, long.MaxValue), (min, max));
    }

    [Fact]
    public void Fields_that_a_filter_reads_are_named()
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        QueryParser.Parse("error a:b (c=d or !e:in(f)) {g=\"h\"} _time:5m", Now).Filter.AddFields(fields);
        Assert.Equal(["_msg", "_stream", "_time", "a", "c", "e", "g"], fields);
    }
}
