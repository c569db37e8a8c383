using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Tests.Query.Execution;

namespace Puppylog.Tests.Query.Pipes;

public sealed class PipeTests
{
    /// <summary>Three blocks whose times overlap, of several kinds of columns.</summary>
    static TestBlock[] Blocks(bool encoded) =>
    [
        new([
            TestRecords.Record(0, "host=a status=200 bytes=100 path=/x9 t=0.5"),
            TestRecords.Record(10, "host=b status=404 bytes=0 path=/x10 t=1.5"),
            TestRecords.Record(20, "host=a status=500 bytes=3000 path=/x9 t=2"),
        ], encoded),
        new([
            TestRecords.Record(15, "host=c status=200 path=/x9"),
            TestRecords.Record(25, "host=a status=200 bytes=7 path=/x1"),
        ], encoded),
        new([TestRecords.Record(3600, "host=a status=301 bytes=- path=/x10")], encoded),
    ];

    [Theory]
    [InlineData("* | fields host, status", "host=a status=200; host=b status=404; host=c status=200; host=a status=500; host=a status=200; host=a status=301")]
    [InlineData("* | keep time, nothing | limit 2", "_time=0; _time=10")]
    [InlineData("status:=404 | fields pa*, h*", "path=/x10 host=b")]
    [InlineData("status:=404 | delete _time, t, b*", "host=b path=/x10 status=404")]
    [InlineData("status:=404 | rename host as client, t u | fields client, u, host, t", "client=b u=1.5")]
    [InlineData("status:=404 | cp host as path | fields host, path", "host=b path=b")]
    [InlineData("status:=404 | mv host as path", "_time=10 bytes=0 path=b status=404 t=1.5")]
    [InlineData("* | sort by (bytes desc, host) limit 3 | fields host, bytes", "host=a bytes=-; host=a bytes=3000; host=a bytes=100")]
    [InlineData("* | sort by (bytes) | fields host, bytes", "host=c; host=b bytes=0; host=a bytes=7; host=a bytes=100; host=a bytes=3000; host=a bytes=-")]
    [InlineData("* | sort by (path, status desc) offset 1 limit 3 | fields path, status", "path=/x9 status=500; path=/x9 status=200; path=/x9 status=200")]
    [InlineData("* | sort by (host) desc rank as place | limit 2 | fields host, place", "host=c place=1; host=b place=2")]
    [InlineData("* | order by (_time desc) | limit 2 | fields _time", "_time=3600; _time=25")]
    [InlineData("* | last 2 by (_time) | sort by (_time) | fields _time", "_time=25; _time=3600")]
    [InlineData("* | first 1 by (host desc) | fields host", "host=c")]
    [InlineData("* | head 1 | fields host", "host=a")]
    [InlineData("* | limit 0", "")]
    [InlineData("* | offset 4 | fields _time", "_time=25; _time=3600")]
    [InlineData("* | uniq by (host)", "host=a; host=b; host=c")]
    [InlineData("* | uniq by (path, host) with hits limit 3", "path=/x1 host=a hits=1; path=/x9 host=a hits=2; path=/x9 host=c hits=1")]
    [InlineData("* | top 2 by (host)", "host=a hits=4; host=b hits=1")]
    [InlineData("* | top by (path) rank", "path=/x9 hits=3 rank=1; path=/x10 hits=2 rank=2; path=/x1 hits=1 rank=3")]
    [InlineData("* | top 1 (status) hits as n", "status=200 n=3")]
    [InlineData("* | facets 2 max_values_per_field 3", "field_name=host field_value=a hits=4; field_name=host field_value=b hits=1; field_name=path field_value=/x9 hits=3; field_name=path field_value=/x10 hits=2; field_name=t field_value=0.5 hits=1; field_name=t field_value=1.5 hits=1")]
    [InlineData("* | facets 1 max_values_per_field 3 max_value_len 2", "field_name=host field_value=a hits=4")]
    [InlineData("host:=a status:=200 | facets 5", "field_name=bytes field_value=7 hits=1; field_name=bytes field_value=100 hits=1; field_name=path field_value=/x1 hits=1; field_name=path field_value=/x9 hits=1; field_name=t field_value=0.5 hits=1")]
    [InlineData("host:=b | facets 5", "")]
    [InlineData("host:=b | facets 5 keep_const_fields | filter field_name:=status", "field_name=status field_value=404 hits=1")]
    [InlineData("* | stats count() n, count(bytes) b, count_empty(bytes) e", "n=6 b=5 e=1")]
    [InlineData("* | count()", "count(*)=6")]
    [InlineData("nothing:=1 | stats count() n, sum(bytes) s, max(bytes) m, median(bytes) q", "n=0 s=NaN")]
    [InlineData("nothing:=1 | stats by (host) count() n", "")]
    [InlineData("* | stats sum(bytes), avg(bytes) as a, min(bytes), max(bytes)", "sum(bytes)=3107 a=776.75 min(bytes)=0 max(bytes)=-")]
    [InlineData("* | stats sum(t) s, avg(t) a, stddev(status) if (path:=/x10) d", "s=4 a=1.3333333333333333 d=51.5")]
    [InlineData("* | stats median(bytes) m, quantile(0.99, bytes, t) q, quantile(0, bytes) z", "m=100 q=3000 z=0")]
    [InlineData("* | stats by (host) count() n, count_uniq(path) p, sum(bytes) s", "host=a n=4 p=3 s=3107; host=b n=1 p=1 s=0; host=c n=1 p=1 s=NaN")]
    [InlineData("* | stats (host) count_uniq(path, status) c", "host=a c=4; host=b c=1; host=c c=1")]
    [InlineData("* | stats count() if (status:=200) ok, count() all", "ok=3 all=6")]
    [InlineData("* | stats by (_time:1m) count() n", "_time=0 n=5; _time=3600 n=1")]
    [InlineData("* | stats by (time:1m) count() n | filter time:>=2020", "_time=0 n=5; _time=3600 n=1")]
    [InlineData("* | uniq by (time) | limit 1", "_time=0")]
    [InlineData("* | rename host as message | stats by (message) count() n | filter message:=b", "_msg=b n=1")]
    [InlineData("* | rename host as message | filter message:=b | fields message", "message=b")]
    [InlineData("* | stats by (_time:10s, host) count() n | limit 3", "_time=0 host=a n=1; _time=10 host=b n=1; _time=10 host=c n=1")]
    [InlineData("* | stats by (_time:1d offset 16h) count() n", "_time=0 n=6")]
    [InlineData("* | stats by (bytes:1KiB) count() n", "n=1; bytes=0 n=3; bytes=2048 n=1; bytes=- n=1")]
    [InlineData("* | stats by (host) count() n | filter n:>1", "host=a n=4")]
    [InlineData("* | stats by (host) count() n | n:>=4", "host=a n=4")]
    [InlineData("* | stats by (host) sum(bytes) s | sort by (s desc) | stats count() groups", "groups=3")]
    [InlineData("* | where status:>=400 | fields status", "status=404; status=500")]
    [InlineData("* | field_names", "name=_time hits=6; name=bytes hits=5; name=host hits=6; name=path hits=6; name=status hits=6; name=t hits=3")]
    [InlineData("* | field_values host limit 2", "host=a hits=4; host=b hits=1")]
    public void Query_gives_rows(string query, string expected)
    {
        Assert.Equal(expected, string.Join("; ", TestRecords.Run(query, Blocks(encoded: true))));
        Assert.Equal(expected, string.Join("; ", TestRecords.Run(query, Blocks(encoded: false), workers: 1)));
        Assert.Equal(expected, string.Join("; ", TestRecords.Run(QueryParser.Parse(query, 0).ToString(), Blocks(encoded: true))));
    }

    [Theory]
    [InlineData("* | KEEP a , b*", "* | fields a, b*")]
    [InlineData("* | rm \"a b\"", "* | delete \"a b\"")]
    [InlineData("* | mv a b, c as \"by\"", "* | rename a as b, c as \"by\"")]
    [InlineData("* | cp a b", "* | copy a as b")]
    [InlineData("* | order (a desc, b asc) head 5 skip 2 rank", "* | sort by (a desc, b) offset 2 limit 5 rank as \"rank\"")]
    [InlineData("* | sort by (a, b desc) desc", "* | sort by (a desc, b)")]
    [InlineData("* | first 3 (a)", "* | sort by (a) limit 3")]
    [InlineData("* | head", "* | limit 10")]
    [InlineData("* | skip 1_000", "* | offset 1000")]
    [InlineData("* | top (a)", "* | top 10 by (a)")]
    [InlineData("* | top 5 by (a, hits) rank r", "* | top 5 by (a, \"hits\") hits as hitss rank as r")]
    [InlineData("* | uniq (a) hits limit 3", "* | uniq by (a) with hits limit 3")]
    [InlineData("* | count() n, sum(a, b)", "* | stats count(*) as n, sum(a, b)")]
    [InlineData("* | stats (a, _time:1h offset -2h) quantile(0.9, x) p if", null)]
    [InlineData("* | stats (a, _time:1h offset -2h) quantile(0.9, x) p", "* | stats by (a, _time:1h offset -2h) quantile(0.9, x) as p")]
    [InlineData("* | stats count() if (x) errors, median(y)", "* | stats count(*) if (x) as errors, median(y)")]
    [InlineData("* | where x", "* | filter x")]
    [InlineData("* | unpack_json from message", "* | unpack_json")]
    [InlineData("* | UNPACK_JSON if (a:x or y) from \"from\" fields (a, \"b c\"*, *) result_prefix \"p q\" keep_original_fields", "* | unpack_json if (a:x or y) from from fields (a, \"b c\"*, *) result_prefix \"p q\" keep_original_fields")]
    [InlineData("* | unpack_logfmt fields (_time) result_prefix l skip_empty_results | limit 1", "* | unpack_logfmt fields (_time) result_prefix l skip_empty_results | limit 1")]
    public void Pipes_print_as_they_are_read_back(string query, string? printed)
    {
        if (printed is null)
        {
            Assert.Throws<LogsqlException>(() => QueryParser.Parse(query, 0));
            return;
        }

        var parsed = QueryParser.Parse(query, 0).ToString();
        Assert.Equal(printed, parsed);
        Assert.Equal(printed, QueryParser.Parse(parsed, 0).ToString());
    }

    [Theory]
    [InlineData("* | unpack_syslog", 4, "unknown pipe 'unpack_syslog'; known are copy, delete, facets, field_names, field_values, fields, filter, first, last, limit, offset, rename, sort, stats, top, uniq, unpack_json, unpack_logfmt")]
    [InlineData("* | unpack_json from", 20, "expected the field to unpack, found the end of the query")]
    [InlineData("* | unpack_json fields a", 23, "expected '(', found 'a'")]
    [InlineData("* | unpack_json fields (a, _time)", 16, "'_time' is the record's own: unpack it under another name with result_prefix")]
    [InlineData("* | unpack_logfmt fields (x) result_prefix _line.", 18, "'_line.x' is the record's own: unpack it under another name with result_prefix")]
    [InlineData("* | unpack_json result_prefix p from x", 32, "expected the rest of 'if (filter) from field fields (a, b*) result_prefix p keep_original_fields skip_empty_results' in this order, '|' or the end of the query, found 'from'")]
    [InlineData("* |", 3, "expected a pipe such as stats, sort or limit, found the end of the query")]
    [InlineData("* | fields", 10, "expected a field name or *, found the end of the query")]
    [InlineData("* | sort a", 9, "expected 'by (', found 'a'")]
    [InlineData("* | sort by (a up)", 15, "expected 'desc', ',' or ')', found 'up'")]
    [InlineData("* | limit many", 10, "expected a number of rows, found 'many'")]
    [InlineData("* | limit 5 6", 12, "expected '|' or the end of the query, found '6'")]
    [InlineData("* | top 5", 9, "expected 'by (', found the end of the query")]
    [InlineData("* | uniq by host", 12, "expected '(', found 'host'")]
    [InlineData("* | stats", 9, "expected a statistic such as count(), found the end of the query")]
    [InlineData("* | stats total(a)", 10, "unknown statistic 'total'; known are avg, count, count_empty, count_uniq, max, median, min, quantile, stddev, sum")]
    [InlineData("* | stats sum()", 14, "expected a field name, found ')'")]
    [InlineData("* | stats count() by (a)", 18, "'by (…)' stands before the statistics: stats by (field) count()")]
    [InlineData("* | stats quantile(2, a)", 19, "expected a number from 0 to 1, such as 0.99, found '2'")]
    [InlineData("* | stats by (_time:soon) count()", 20, "expected a step such as 10s, 1d or 1KiB, found 'soon'")]
    [InlineData("* | stats count() n, sum(a) n", 21, "two results would be called 'n': name one of them with 'as'")]
    [InlineData("* | rename a", 12, "expected 'as' and the new name, found the end of the query")]
    public void Wrong_pipes_say_where_and_what_was_expected(string query, int position, string message)
    {
        var wrong = Assert.Throws<LogsqlException>(() => QueryParser.Parse(query, 0));
        Assert.Equal((position, message), (wrong.Position, wrong.Message));
    }

    [Fact]
    public void Random_text_is_read_or_refused_and_nothing_else()
    {
        string[] words =
        [
            "|", "(", ")", ",", "*", "-", ":", "=", "a", "by", "sort", "stats", "count", "sum", "top", "uniq", "limit", "10", "fields", "rename", "as",
            "if", "quantile", "0.5", "_time", "1h", "offset", "desc", "rank", "with", "hits", "filter", "field_values", "first", "delete", "\"x y\"", "'", "unpack_json", "unpack_logfmt", "from", "result_prefix", "keep_original_fields",
        ];
        var random = new Random(7);
        var understood = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = "* | " + string.Join(random.Next(3) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 9)).Select(_ => words[random.Next(words.Length)]));
            try
            {
                var printed = QueryParser.Parse(text, 0).ToString();
                Assert.Equal(printed, QueryParser.Parse(printed, 0).ToString());
                understood++;
            }
            catch (LogsqlException wrong)
            {
                Assert.InRange(wrong.Position, 0, text.Length);
            }
        }

        Assert.True(understood > 50, $"only {understood} of the texts were queries");
    }
}
