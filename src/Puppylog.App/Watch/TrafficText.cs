using System.Globalization;
using System.Text;
using Puppylog.Metrics;

namespace Puppylog.App.Watch;

/// <summary>Numbers, times and summaries as people read them; the same in every culture.</summary>
static class TrafficText
{
    const int NameColumns = 100;

    /// <summary><c>2026-11-21T14:00:05Z</c>.</summary>
    public static string Time(long second) =>
        DateTimeOffset.FromUnixTimeSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Decimal units: <c>512 B</c>, <c>4.5 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var value = (double)bytes;
        var unit = 0;
        while (value >= 999.95 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return (unit == 0 ? Count(bytes) : value.ToString("0.0", CultureInfo.InvariantCulture)) + " " + units[unit];
    }

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Rate(double perSecond) => perSecond.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A duration as the log writes it, at most three decimals.</summary>
    public static string Duration(double duration) => duration.ToString(duration < 1e15 ? "0.###" : "0.###e0", CultureInfo.InvariantCulture);

    public static string Clients(TrafficSummary summary) => (summary.MoreClients ? "≥ " : "") + Count(summary.Clients);

    /// <summary>The block that is printed per interval, each line ended.</summary>
    public static string Block(TrafficSummary summary)
    {
        var block = new StringBuilder();
        block.Append(Time(summary.Start)).Append(" .. ").Append(Time(summary.End)).Append("  ");
        if (summary.Requests == 0)
        {
            block.Append("no traffic").Append(Remarks(summary.Invalid, summary.Late)).Append('\n');
            return block.ToString();
        }

        block.Append(Count(summary.Requests)).Append(summary.Requests == 1 ? " request, " : " requests, ")
            .Append(Rate(summary.RequestsPerSecond)).Append("/s, ").Append(Bytes(summary.Bytes)).Append(", ")
            .Append(Clients(summary)).Append(summary.Clients == 1 ? " client" : " clients").Append(Remarks(summary.Invalid, summary.Late)).Append('\n');
        block.Append("  status  ").Append(StatusClasses(summary)).Append("  error rate ").Append(Percent(summary.ErrorRate)).Append('\n');
        block.Append("        hits   share  section\n");
        foreach (var section in summary.Sections)
        {
            block.Append(Count(section.Hits).PadLeft(12)).Append(Percent((double)section.Hits / summary.Requests).PadLeft(8))
                .Append("  ").Append(SafeText.Clean(section.Name, NameColumns)).Append('\n');
        }

        if (summary.SlowestRoutes.Count > 0)
        {
            block.Append("        mean       p95       max  requests  slowest routes\n");
            foreach (var route in summary.SlowestRoutes)
            {
                block.Append(Duration(route.Mean).PadLeft(12)).Append(Duration(route.P95).PadLeft(10)).Append(Duration(route.Max).PadLeft(10))
                    .Append(Count(route.Requests).PadLeft(10)).Append("  ").Append(SafeText.Clean(route.Path, NameColumns)).Append('\n');
            }
        }

        return block.Append('\n').ToString();
    }

    public static string StatusClasses(TrafficSummary summary) =>
        string.Join("  ", summary.StatusClasses.Select((count, index) => (count, index)).Where(c => c.count > 0 || c.index > 0)
            .Select(c => $"{c.index + 1}xx {Count(c.count)}"));

    /// <summary>What there is to say of lines that were not counted.</summary>
    public static string Remarks(long invalid, long late) =>
        (invalid > 0 ? $"; {Count(invalid)} {(invalid == 1 ? "line does" : "lines do")} not match the format" : "")
        + (late > 0 ? $"; {Count(late)} {(late == 1 ? "line" : "lines")} too late for an earlier interval" : "");
}
