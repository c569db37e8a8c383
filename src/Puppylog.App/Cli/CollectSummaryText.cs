using System.Globalization;
using Puppylog.Pipeline;
using Puppylog.Processing;

namespace Puppylog.App.Cli;

/// <summary>The last line of <c>collect</c>.</summary>
static class CollectSummaryText
{
    /// <summary><c>read 10,000 lines (2.4 MB) in 0.21 s: 9,999 stored, 1 invalid</c>.</summary>
    public static string Text(CollectSummary summary)
    {
        var c = summary.Counters;
        var kept = c.Kept > 0 ? Format($", {c.Kept:N0} of them kept as text") : "";
        var unnamed = c.Unnamed == 0 ? "" : Format($", {c.Unnamed:N0} {(c.Unnamed == 1 ? "field" : "fields")} with too long a name to be stored under it");
        var cut = c.Cut > 0 ? Format($", {c.Cut:N0} cut") : "";
        var joined = c.Joined == 0 ? "" : Format($", {c.Joined:N0} joined to {(c.Joined == 1 ? "the line" : "lines")} before");
        var redacted = c.Redacted == 0 ? "" : Format($", {c.Redacted:N0} {(c.Redacted == 1 ? "place" : "places")} redacted");
        var capped = c.CappedFields == 0 ? "" : Format($", {c.CappedFields:N0} {(c.CappedFields == 1 ? "field" : "fields")} too many");
        var shortened = c.Shortened == 0 ? "" : Format($", {c.Shortened:N0} {(c.Shortened == 1 ? "value" : "values")} shortened");
        var replaced = c.Replaced == 0 ? "" : Format($", {c.Replaced:N0} broken UTF-16 {(c.Replaced == 1 ? "character" : "characters")} replaced");
        return Format($"read {c.Read:N0} {(c.Read == 1 ? "line" : "lines")} ({Size(c.Bytes)}) in {summary.Elapsed.TotalSeconds:0.00} s: {c.Stored:N0} stored{kept}, {c.Invalid:N0} invalid{Dropped(c)}{joined}{cut}{unnamed}{redacted}{capped}{shortened}{replaced}");
    }

    /// <summary>Prints it, says what could not be stored, and how the command ends.</summary>
    public static async Task<int> TellAsync(CollectSummary summary, bool json, CollectReport report)
    {
        await Console.Out.WriteLineAsync(json ? Json(summary) : Text(summary));
        if (summary.Unstored > 0)
        {
            report.Notice(Unstored(summary));
        }

        return summary.Failures.Count > 0 || summary.Unstored > 0 ? ExitCode.Error : ExitCode.Done;
    }

    /// <summary>One line of JSON.</summary>
    public static string Json(CollectSummary summary)
    {
        var c = summary.Counters;
        return Format($"{{\"read\":{c.Read},\"stored\":{c.Stored},\"invalid\":{c.Invalid},\"bytes\":{c.Bytes},\"seconds\":{summary.Elapsed.TotalSeconds:0.###},\"kept\":{c.Kept},\"cut\":{c.Cut},\"unnamed\":{c.Unnamed},\"joined\":{c.Joined},\"dropped\":{c.Dropped},\"dropped_by\":{{\"filter\":{c.DroppedFor(DropReason.Filter)},\"sample\":{c.DroppedFor(DropReason.Sample)},\"duplicate\":{c.DroppedFor(DropReason.Duplicate)},\"rate\":{c.DroppedFor(DropReason.Rate)}}},\"redacted\":{c.Redacted},\"capped_fields\":{c.CappedFields},\"shortened\":{c.Shortened},\"replaced\":{c.Replaced}}}");
    }

    /// <summary><c>, 1,200 dropped (1,000 by a filter, 200 as duplicates)</c>.</summary>
    static string Dropped(CollectCounters counters)
    {
        if (counters.Dropped == 0)
        {
            return "";
        }

        var reasons = new (DropReason Reason, string Text)[]
        {
            (DropReason.Filter, "by a filter"), (DropReason.Sample, "by sampling"), (DropReason.Duplicate, "as duplicates"), (DropReason.Rate, "by the rate limit"),
        };
        var parts = reasons.Where(each => counters.DroppedFor(each.Reason) > 0).Select(each => Format($"{counters.DroppedFor(each.Reason):N0} {each.Text}"));
        return Format($", {counters.Dropped:N0} dropped ({string.Join(", ", parts)})");
    }

    public static string Unstored(CollectSummary summary) =>
        Format($"{summary.Unstored:N0} lines were read and could not be stored in time; files will be read again from there");

    /// <summary>Bytes for people, in units of 1,000.</summary>
    public static string Size(double bytes) => bytes switch
    {
        >= 1e9 => Format($"{bytes / 1e9:0.0} GB"),
        >= 1e6 => Format($"{bytes / 1e6:0.0} MB"),
        >= 1e3 => Format($"{bytes / 1e3:0.0} kB"),
        _ => Format($"{bytes:0} B"),
    };

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
