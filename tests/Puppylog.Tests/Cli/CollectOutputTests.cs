using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Cli;
using Puppylog.Pipeline;
using Puppylog.Processing;

namespace Puppylog.Tests.Cli;

public sealed class CollectOutputTests
{
    [Theory]
    [InlineData("plain ümläut", "plain ümläut")]
    [InlineData("\u001b[31mred\u0007\t\r", "\\x1b[31mred\\x07\\x09\\x0d")]
    [InlineData("\u009b31m \u202e", "\\xc2\\x9b31m \\xe2\\x80\\xae")]
    [InlineData("1234567890123", "1234567890…")]
    public void Text_from_a_log_is_made_visible(string text, string expected) =>
        Assert.Equal(expected, TerminalText.Visible(Encoding.UTF8.GetBytes(text), text.Length > 12 && text[0] == '1' ? 10 : 200));

    [Fact]
    public void No_bytes_drive_a_terminal() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => !TerminalText.Visible(bytes, 50).Any(char.IsControl)).QuickCheckThrowOnFailure();

    [Fact]
    public void Summary_is_one_line()
    {
        var summary = Summary(new() { Read = 10_000, Stored = 9_999, Invalid = 1, Bytes = 2_370_789 });
        Assert.Equal("read 10,000 lines (2.4 MB) in 0.21 s: 9,999 stored, 1 invalid", CollectSummaryText.Text(summary));
        Assert.Equal(
            """{"read":10000,"stored":9999,"invalid":1,"bytes":2370789,"seconds":0.21,"kept":0,"cut":0,"unnamed":0,"joined":0,"dropped":0,"dropped_by":{"filter":0,"sample":0,"duplicate":0,"rate":0},"redacted":0,"capped_fields":0,"shortened":0,"replaced":0}""", CollectSummaryText.Json(summary));
        Assert.Equal(
            "read 1 line (9 B) in 0.21 s: 1 stored, 1 of them kept as text, 0 invalid, 1 cut",
            CollectSummaryText.Text(Summary(new() { Read = 1, Stored = 1, Kept = 1, Cut = 1, Bytes = 9 })));
        Assert.Equal(
            "read 1 line (9 B) in 0.21 s: 1 stored, 0 invalid, 2 fields with too long a name to be stored under it",
            CollectSummaryText.Text(Summary(new() { Read = 1, Stored = 1, Unnamed = 2, Bytes = 9 })));
    }

    [Fact]
    public void Summary_tells_what_was_dropped_by_wish_and_why()
    {
        var counters = new CollectCounters { Read = 20, Stored = 9, Joined = 1, Redacted = 1, CappedFields = 2, Shortened = 1, Replaced = 2, Bytes = 9 };
        counters.AddDropped(DropReason.Filter, 7);
        counters.AddDropped(DropReason.Duplicate, 3);
        Assert.Equal(
            "read 20 lines (9 B) in 0.21 s: 9 stored, 0 invalid, 10 dropped (7 by a filter, 3 as duplicates), 1 joined to the line before, 1 place redacted, 2 fields too many, 1 value shortened, 2 broken UTF-16 characters replaced",
            CollectSummaryText.Text(Summary(counters)));
        Assert.Contains("""
            "joined":1,"dropped":10,"dropped_by":{"filter":7,"sample":0,"duplicate":3,"rate":0},"redacted":1,"capped_fields":2,"shortened":1,"replaced":2}
            """, CollectSummaryText.Json(Summary(counters)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(430, 570, 100, "43% · 1,234 lines/s · 100 B/s · 6 s left")]
    [InlineData(430, 570, 0, "43% · 1,234 lines/s · 0 B/s")]
    [InlineData(430, 0, 1e7, "1,234 lines/s · 10.0 MB/s")]
    public void Progress_shows_rate_and_time_left(long bytes, long remaining, double rate, string expected) =>
        Assert.Equal(expected, CollectProgress.Line(bytes, remaining, 1234, rate));

    [Fact]
    public void Messages_go_above_the_progress()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var report = new CollectReport(text);
        report.Progress("10%");
        report.InvalidLine("a.log", 7, "no match", "x\u001by"u8);
        report.Progress("");
        Assert.Equal("\r\x1b[K10%\r\x1b[Kpuppylog: a.log:7: no match: x\\x1by\n10%\r\x1b[K", text.ToString());
    }

    static CollectSummary Summary(CollectCounters counters) => new(counters, TimeSpan.FromSeconds(0.21), [], 0);
}
