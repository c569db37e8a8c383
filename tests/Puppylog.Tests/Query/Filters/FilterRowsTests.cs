using System.Text;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Filters;

/// <summary>Query ⇶ rows, over every kind of vector.</summary>
public sealed class FilterRowsTests
{
    static readonly string?[] Messages =
    [
        "error: cannot open file", "multiple errors occurred", "ERROR ssh: login fail", "", null,
        "café au lait", "foo_bar foo-bar", "GET /api/v1/users?id=7 200", "тест (bar,\"baz\")", "-5",
    ];

    static readonly string?[] Numbers = ["1", "-5", "10", "0", null, "404", "500", "503", "9223372036854775807", "-9223372036854775808"];

    static readonly string?[] Mixed = ["1", "1.5", "10.0", "abc", null, "", "5s", "1KiB", "007", "1e3"];

    static readonly string?[] Addresses = ["10.0.0.1", "10.0.0.200", "10.1.0.1", "192.168.0.1", null, "x", "10.0.0", "10.0.0.1.", "255.255.255.255", "0.0.0.0"];

    static readonly string?[] Streams =
    [
        "{file_path=\"/x\",app=\"a\"}", "{file_path=\"/y\"}", null, "", "{app=\"a \\\"q\\\"\"}",
        "{file_path=\"/x\"}", "broken", "{app=\"b,c=\\\"d\"}", "{file_path=\"/x\"}", "{}",
    ];

    [Theory]
    [InlineData("*", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("error", "0")]
    [InlineData("error*", "0 1")]
    [InlineData("*rror*", "0 1")]
    [InlineData("i(error)", "0 2")]
    [InlineData("i(err*)", "0 1 2")]
    [InlineData("i(CAFÉ)", "5")]
    [InlineData("caf", "")]
    [InlineData("café", "5")]
    [InlineData("foo", "6")]
    [InlineData("bar", "6 8")]
    [InlineData("foo_bar", "6")]
    [InlineData("foo_*", "6")]
    [InlineData("тест", "8")]
    [InlineData("тес", "")]
    [InlineData("тес*", "8")]
    [InlineData("/api/v1", "7")]
    [InlineData("/api/v", "")]
    [InlineData("\"login fail\"", "2")]
    [InlineData("\"login fai\"", "")]
    [InlineData("\"login fai\"*", "2")]
    [InlineData("seq(cannot, file)", "0")]
    [InlineData("seq(file, cannot)", "")]
    [InlineData("contains_any(lait, 200)", "5 7")]
    [InlineData("contains_all(GET, 200)", "7")]
    [InlineData("_msg:\"\"", "3 4")]
    [InlineData("_msg:*", "0 1 2 5 6 7 8 9")]
    [InlineData("_msg:=\"-5\"", "9")]
    [InlineData("_msg:=\"ERR\"*", "2")]
    [InlineData("message:in(\"-5\", \"\")", "3 4 9")]
    [InlineData("~\"^[A-Z]+ \"", "2 7")]
    [InlineData("~\"(?i)error\"", "0 1 2")]
    [InlineData("~\"v\\d/users\"", "7")]
    [InlineData("~\"errors?\"", "0 1")]
    [InlineData("_msg:len_range(0, 2)", "3 4 9")]
    [InlineData("_msg:len_range(12, 12)", "5")]
    [InlineData("n:404", "5")]
    [InlineData("n:5", "1")]
    [InlineData("n:5*", "1 6 7")]
    [InlineData("n:*0*", "2 3 5 6 7 8 9")]
    [InlineData("n:=500", "6")]
    [InlineData("n:=0500", "")]
    [InlineData("n!=500", "0 1 2 3 4 5 7 8 9")]
    [InlineData("n:>=500", "6 7 8")]
    [InlineData("n:>500", "7 8")]
    [InlineData("n:<0", "1 9")]
    [InlineData("n:<=0", "1 3 9")]
    [InlineData("n:>9.5", "2 5 6 7 8")]
    [InlineData("n:range(1, 404]", "2 5")]
    [InlineData("n:range[1, 404)", "0 2")]
    [InlineData("n:range[5, 1]", "")]
    [InlineData("n:>=9223372036854775807", "8")]
    [InlineData("n:>9223372036854775807", "")]
    [InlineData("n:>9223372036854775806", "8")]
    [InlineData("n:<1e30", "0 1 2 3 5 6 7 8 9")]
    [InlineData("n:>inf", "")]
    [InlineData("n:in(10, 500, x)", "2 6")]
    [InlineData("n:\"\"", "4")]
    [InlineData("n:*", "0 1 2 3 5 6 7 8 9")]
    [InlineData("n:<a", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("n:>\"4x\"", "6 7 8")]
    [InlineData("m:>=1 m:<=10", "0 1 2 8")]
    [InlineData("m:>1.5", "2 6 7 8 9")]
    [InlineData("m:>=1000", "6 7 9")]
    [InlineData("m:>1s", "6")]
    [InlineData("m:string_range(1, 2)", "0 1 2 7 9")]
    [InlineData("ip:ipv4_range(10.0.0.0/24)", "0 1")]
    [InlineData("ip:ipv4_range(10.0.0.2, 10.255.255.255)", "1 2")]
    [InlineData("ip:>10.0.0.1", "1 2 3 8")]
    [InlineData("ip:<=10.0.0.1", "0 9")]
    [InlineData("ip:<0.0.0.0", "")]
    [InlineData("ip:10.0.0.1", "0 7")]
    [InlineData("ip:10.0.0.1 or n:404", "0 5 7")]
    [InlineData("!ip:10.0.0.1 n:>0", "2 5 6 8")]
    [InlineData("data.n:404", "5")]
    [InlineData("z:q", "1 3")]
    [InlineData("absent:x", "")]
    [InlineData("absent:\"\"", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("!absent:*", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("_line.zone:x", "")]
    [InlineData("{file_path=\"/x\"}", "0 5 8")]
    [InlineData("{file_path!=\"/x\"}", "1 2 3 4 6 7 9")]
    [InlineData("{file_path=~\"/.\", app!=\"a\"}", "1 5 8")]
    [InlineData("{app=\"a \\\"q\\\"\"}", "4")]
    [InlineData("{app=~\"a\"}", "0")]
    [InlineData("{app in (a, \"b,c=\\\"d\")}", "0 7")]
    [InlineData("{app not_in (a)}", "1 2 3 4 5 6 7 8 9")]
    [InlineData("{n=\"404\" or file_path=\"/y\"}", "1 5")]
    [InlineData("{c=\"d\"}", "")]
    [InlineData("_time:[1970-01-01T00:00:02Z, 1970-01-01T00:00:04Z]", "2 3 4")]
    [InlineData("_time:>1970-01-01T00:00:07Z", "8 9")]
    [InlineData("_time:1980", "")]
    [InlineData("_time:day_range[00:00:03, 00:00:05)", "3 4")]
    [InlineData("_time:week_range[Thu, Thu]", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("_time:week_range(Thu, Sat]", "")]
    [InlineData("_time:week_range[Fri, Sat] offset 1d", "0 1 2 3 4 5 6 7 8 9")]
    public void Query_finds_rows(string query, string expected)
    {
        foreach (var shape in Enum.GetValues<VectorView.Shape>())
        {
            var view = View(shape);
            var filter = QueryParser.Parse(query, 0).Filter;
            var rows = RowBitmap.All(view.Count);
            filter.Apply(view, rows);
            Assert.Equal($"{shape}: {expected}", $"{shape}: {string.Join(' ', rows.ToRows())}");
            Assert.True(filter.MayMatch(view) || expected.Length == 0);
        }
    }

    [Theory]
    [InlineData("errors", true)]
    [InlineData("error errors", true)]
    [InlineData("nowhere", false)]
    [InlineData("error nowhere", false)]
    [InlineData("error or nowhere", true)]
    [InlineData("now*", true)]
    [InlineData("nowhere*", true)]
    [InlineData("\"nowhere err\"*", false)]
    [InlineData("!nowhere", true)]
    [InlineData("i(nowhere)", true)]
    [InlineData("_msg:in(nowhere, login)", true)]
    [InlineData("_msg:in(nowhere, never)", false)]
    [InlineData("m:>10000", true)]
    [InlineData("s:>=500", false)]
    [InlineData("s:>=404", true)]
    [InlineData("s:404", true)]
    [InlineData("s:99", false)]
    [InlineData("s:=0200", false)]
    [InlineData("s:in(1, 200)", true)]
    [InlineData("s:ok", false)]
    [InlineData("_time:1970", true)]
    [InlineData("_time:1971", false)]
    public void Block_without_the_word_or_number_is_left_out(string query, bool expected)
    {
        var view = View(VectorView.Shape.Text)
            .With("s", Vector([.. Enumerable.Range(0, Messages.Length).Select(row => row < 5 ? "200" : "404")], VectorView.Shape.Integer));
        Assert.Equal(expected, QueryParser.Parse(query, 0).Filter.MayMatch(view));
    }

    static VectorView View(VectorView.Shape shape) =>
        new VectorView(Messages.Length, [.. Enumerable.Range(0, Messages.Length).Select(row => row * Timestamps.Second)])
            .With("_msg", Vector(Messages, shape)).With("n", Vector(Numbers, shape)).With("m", Vector(Mixed, shape))
            .With("ip", Vector(Addresses, shape)).With("_stream", Vector(Streams, shape))
            .With("data.z", Vector([.. Enumerable.Range(0, Messages.Length).Select(row => row is 1 or 3 ? "q" : "r")], shape))
            .With("_line.zone", Vector([.. Enumerable.Repeat("x", Messages.Length)], shape));

    static ColumnVector Vector(IEnumerable<string?> values, VectorView.Shape shape) =>
        VectorView.Vector([.. values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))], shape);
}
