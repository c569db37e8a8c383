using System.Globalization;
using Puppylog.Pipeline;

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
        return Format($"read {c.Read:N0} {(c.Read == 1 ? "line" : "lines")} ({Size(c.Bytes)}) in {summary.Elapsed.TotalSeconds:0.00} s: {c.Stored:N0} stored{kept}, {c.Invalid:N0} invalid{cut}{unnamed}");
    }

    /// <summary>One line of JSON.</summary>
    public static string Json(CollectSummary summary)
    {
        var c = summary.Counters;
        return Format($"{{\"read\":{c.Read},\"stored\":{c.Stored},\"invalid\":{c.Invalid},\"bytes\":{c.Bytes},\"seconds\":{summary.Elapsed.TotalSeconds:0.###},\"kept\":{c.Kept},\"cut\":{c.Cut},\"unnamed\":{c.Unnamed}}}");
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
