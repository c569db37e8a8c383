using System.Text;
using Puppylog.App.Watch;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Watch;

public sealed class LineIntakeTests
{
    readonly RecordedSink _sink = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Lines_are_the_same_however_the_bytes_come(int chunk)
    {
        var bytes = Encoding.ASCII.GetBytes(Line("/a/1") + "\n\n" + Line("/b") + "\r\n" + "no request\n" + Line("/c/d"));
        var intake = Intake();
        foreach (var part in bytes.Chunk(chunk))
        {
            intake.Add(part);
        }

        intake.Deliver();
        Assert.Equal(["/a", "/b"], _sink.Sections);
        Assert.Equal(1, _sink.Invalid);
        intake.End();
        Assert.Equal(["/a", "/b", "/c"], _sink.Sections);
    }

    [Fact]
    public void Line_without_end_is_skipped_and_what_follows_counts()
    {
        var intake = Intake();
        var junk = new byte[1 << 20];
        Array.Fill(junk, (byte)'x');
        for (var i = 0; i < 20; i++)
        {
            intake.Add(junk);
        }

        intake.Add(Encoding.ASCII.GetBytes("\n" + Line("/after") + "\n"));
        intake.End();
        Assert.Equal(["/after"], _sink.Sections);
        Assert.Equal(1, _sink.Invalid);
    }

    [Fact]
    public void Random_bytes_neither_throw_nor_stop_what_follows()
    {
        var random = new Random(5);
        var intake = Intake();
        for (var i = 0; i < 200; i++)
        {
            var junk = new byte[random.Next(3000)];
            random.NextBytes(junk);
            intake.Add(junk);
            intake.Add("\n"u8);
        }

        intake.Add(Encoding.ASCII.GetBytes(Line("/last/x")));
        intake.End();
        Assert.Equal("/last", _sink.Sections[^1]);
        Assert.NotEqual(0, _sink.Invalid);
    }

    static string Line(string route) => $"10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] \"GET {route} HTTP/1.1\" 200 100 \"-\" \"-\"";

    LineIntake Intake() => new("combined", _sink, new PlayedClock());
}
