using System.Text;
using Puppylog.App.Watch;
using Puppylog.Records;

namespace Puppylog.Tests.Watch;

public sealed class RecordLinesTests
{
    readonly RecordLines _lines = new();

    [Fact]
    public void Line_of_a_search_is_the_record_again()
    {
        Assert.Null(Add("""{"_time":"2026-11-22T13:55:06.5Z","_stream_id":"00","_stream":"{a=\"b\"}","_msg":"a \"line\"\n","status":"200","section":"/é"}"""));
        Assert.Equal(12, Add("""{"_commit":12}"""));
        Assert.Null(Add("""{"_time":"1969-12-31T23:59:59Z","level":"error"}"""));
        var view = new BatchView(_lines.Batch);
        Assert.Equal([1_795_355_706_500_000_000, -1_000_000_000], view.Times.Nanoseconds[..2].ToArray());
        Assert.Equal(["a \"line\"\n", ""], Column(view, "_msg"));
        Assert.Equal(["200", ""], Column(view, "status"));
        Assert.Equal(["/é", ""], Column(view, "section"));
        Assert.Equal(["{a=\"b\"}", ""], Column(view, "_stream"));
        Assert.Equal(["", "error"], Column(view, "level"));
        Assert.Null(view.Column("_stream_id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nothing")]
    [InlineData("""{"_time":""")]
    [InlineData("""{"_time":"yesterday"}""")]
    [InlineData("""{"_commit":"x"}""")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{"b":"c"}}""")]
    public void What_is_no_record_is_refused(string line) => Assert.Throws<FormatException>(() => Add(line));

    [Fact]
    public void Any_bytes_are_a_record_or_refused()
    {
        var random = new Random(5);
        var line = Encoding.UTF8.GetBytes("""{"_time":"2026-11-22T13:55:06.5Z","_stream":"{a=\"b\"}","_msg":"a \"line\"\u00e9","status":"200"}""");
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = line.ToArray();
            for (var change = random.Next(4); change >= 0; change--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                _lines.Add(mutated.AsSpan(0, random.Next(3) == 0 ? random.Next(mutated.Length) : mutated.Length));
            }
            catch (FormatException)
            {
            }

            if (_lines.Batch.IsFull)
            {
                _lines.Batch.Reset(_lines.Batch.Shape);
            }
        }
    }

    long? Add(string line) => _lines.Add(Encoding.UTF8.GetBytes(line));

    static string[] Column(RecordView view, string name) => [.. Enumerable.Range(0, view.Count).Select(row => Encoding.UTF8.GetString(view.Column(name)!.Value(row)))];
}
