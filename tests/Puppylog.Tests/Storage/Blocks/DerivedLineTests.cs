using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class DerivedLineTests
{
    const string Template = "{host|-} [{_time:clf}] \"{route}\" {bytes|-}";

    static readonly RecordShape Shape = new("test", [LineTemplate.Parse(Template)],
        [new("path", "route", DerivedFunction.Path), new("section", "route", DerivedFunction.Section)]);

    /// <summary>Each line claims the template; which ones really follow it is for the encoder to find out.</summary>
    [Theory]
    [InlineData("1.2.3.4 [10/Oct/2000:13:55:36 -0700] \"/a/b?c\" 17", true)]
    [InlineData("- [10/Oct/2000:13:55:36 -0700] \"\" -", true)]
    [InlineData("1.2.3.4 [10/Oct/2000:13:55:36 -0000] \"/a\" 0", true)]
    [InlineData("1.2.3.4  [10/Oct/2000:13:55:36 -0700] \"/a\" 17", false)]
    [InlineData("1.2.3.4 [10/Oct/2000:13:55:36 -0700] \"/a\" 17 ", false)]
    [InlineData("1.2.3.4 [10/Oct/2000:13:55:60 -0700] \"/a\" 17", false)]
    [InlineData("1.2.3.4 [10/Oct/2000:13:55:36 -07:00] \"/a\" 17", false)]
    [InlineData("", false)]
    public void Line_comes_back_whether_it_follows_or_not(string line, bool follows)
    {
        var batch = new RecordBatch(Shape);
        for (var i = 0; i < 3; i++)
        {
            Add(batch, line);
        }

        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        Assert.Equal(follows ? ColumnEncoding.Line : ColumnEncoding.Constant, view.Entries.Single(e => e.Name == "_raw").Encoding);
        Assert.Equal(line, Encoding.UTF8.GetString(view.Column("_raw")!.Value(2)));
        Assert.Equal(line, Encoding.UTF8.GetString(view.Column("_msg")!.Value(0)));
    }

    [Fact]
    public void Lines_that_do_not_follow_are_kept_beside_those_that_do()
    {
        var batch = new RecordBatch(Shape);
        var random = new Random(3);
        var lines = new List<string>();
        for (var i = 0; i < 2000; i++)
        {
            var odd = random.Next(5) == 0 ? " " : "";
            lines.Add($"10.0.0.{random.Next(256)} [{random.Next(1, 29):D2}/Feb/2024:13:{random.Next(60):D2}:36 +0{random.Next(10)}30] \"/s{random.Next(9)}/{random.Next()}?q\" {odd}{random.Next(100000)}");
            Add(batch, lines[^1]);
        }

        var view = BlockRoundTripTests.RoundTrip(batch);
        var raw = Assert.IsType<LineVector>(view.Column("_raw"));
        Assert.Equal(lines, Enumerable.Range(0, 2000).Select(i => Encoding.UTF8.GetString(raw.Value(i))));
        Assert.Contains(raw.Templates, t => t == 0);
        Assert.Contains(raw.Templates, t => t == 1);
    }

    [Theory]
    [InlineData("/pages/create", "/pages/create", "/pages")]
    [InlineData("/pages/create?x=/y", "/pages/create", "/pages")]
    [InlineData("/pages?x=/y/z", "/pages", "/pages")]
    [InlineData("/", "/", "/")]
    [InlineData("//x/y", "//x/y", "/")]
    [InlineData("", "", "")]
    [InlineData("?x", "", "")]
    [InlineData("*", "*", "*")]
    public void Path_and_section_follow_from_the_route(string route, string path, string section)
    {
        var batch = new RecordBatch(Shape);
        for (var i = 0; i < 600; i++)
        {
            Add(batch, $"1.2.3.4 [10/Oct/2000:13:55:36 -0700] \"{(i % 3 == 0 ? route : $"/other/{i % 7}")}\" 1");
        }

        var view = BlockRoundTripTests.RoundTrip(batch);
        Assert.Contains("section", view.FieldNames);
        Assert.Equal(path, Encoding.UTF8.GetString(view.Column("path")!.Value(0)));
        Assert.Equal(section, Encoding.UTF8.GetString(view.Column("section")!.Value(300)));
        Assert.Equal("/other", Encoding.UTF8.GetString(view.Column("section")!.Value(1)));
        Assert.Equal(path, Encoding.UTF8.GetString(new BatchView(batch).Column("path")!.Value(0)));
    }

    /// <summary>Cuts the line at its separators as a careless parser would, and claims the template for it.</summary>
    static void Add(RecordBatch batch, string line)
    {
        var span = batch.Append(Encoding.UTF8.GetBytes(line));
        var open = line.IndexOf('[', StringComparison.Ordinal);
        var close = line.IndexOf(']', StringComparison.Ordinal);
        var quote = line.IndexOf('"', StringComparison.Ordinal);
        var end = line.LastIndexOf('"');
        var time = 0L;
        if (open >= 0 && Timestamps.TryParseClf(Encoding.UTF8.GetBytes(line[(open + 1)..close]), out var parsed))
        {
            time = parsed;
        }

        var row = batch.Add(time, span, span, 1);
        if (open < 0)
        {
            return;
        }

        Set(FieldNames.Host, 0, line.IndexOf(' ', StringComparison.Ordinal));
        Set(FieldNames.LineZone, close - 5, close);
        Set(FieldNames.Route, quote + 1, end);
        Set(FieldNames.Bytes, line.LastIndexOf(' ', line.TrimEnd().Length - 1) + 1, line.TrimEnd().Length);

        void Set(string name, int from, int to)
        {
            if (line[from..to] != "-")
            {
                batch.Column(name).Set(row, new(span.Offset + from, to - from));
            }
        }
    }
}
