using System.Globalization;
using System.Text;
using Puppylog.App.Cli.Store;
using Puppylog.App.Collecting;
using Puppylog.Records;

namespace Puppylog.App.Cli.Streams;

/// <summary>Streams and groups as people and programs read them.</summary>
static class StreamText
{
    const int MaxStream = 200;

    /// <param name="rows">What is shown.</param>
    /// <param name="kind"><c>stream</c> or <c>group</c>.</param>
    public static string Table(IReadOnlyList<StreamRow> rows, string kind)
    {
        if (rows.Count == 0)
        {
            return $"no {kind}s\n";
        }

        var isGroup = kind == "group";
        List<string[]> cells =
        [
            [.. isGroup ? ["group", "streams"] : Array.Empty<string>(), "records", "rate", "last", "position", "lag", isGroup ? "match" : "stream"],
        ];
        foreach (var row in rows)
        {
            cells.Add(
            [
                .. isGroup ? [row.Name!, Number(row.Streams)] : Array.Empty<string>(),
                Number(row.Records),
                string.Create(CultureInfo.InvariantCulture, $"{row.Rate:0.##}/s"),
                row.Last is { } last ? Timestamps.ToRfc3339(last) : "-",
                row.Position is { } position ? CollectSummaryText.Size(position) : "-",
                row.Lag is { } lag ? CollectSummaryText.Size(lag) : "-",
                TerminalText.Visible(Encoding.UTF8.GetBytes(row.Stream.Length == 0 ? "{}" : row.Stream), MaxStream),
            ]);
        }

        var text = new StringBuilder();
        foreach (var row in cells)
        {
            for (var column = 0; column < row.Length - 1; column++)
            {
                var width = cells.Max(other => other[column].Length);
                text.Append(isGroup && column == 0 ? row[column].PadRight(width) : row[column].PadLeft(width)).Append("  ");
            }

            text.Append(row[^1]).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One object a line.</summary>
    public static string Json(IReadOnlyList<StreamRow> rows, string kind, IReadOnlyList<CollectorState>? collectors = null) => string.Concat(rows.Select(row => JsonLine.Write(json =>
    {
        if (kind == "group")
        {
            json.WriteString("group", row.Name);
            json.WriteString("match", row.Stream);
            json.WriteNumber("streams", row.Streams);
        }
        else
        {
            json.WriteString("stream", row.Stream);
            json.WriteStartObject("fields");
            foreach (var (name, value) in StreamLabels.Read(row.Stream))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteNumber("records", row.Records);
        json.WriteNumber("rate", Math.Round(row.Rate, 3));
        json.WriteTime("last", row.Last);
        json.WriteOptional("position", row.Position);
        json.WriteOptional("lag", row.Lag);
        json.WriteOptional("trouble", TroubleOf(row, collectors));
    })));

    static string? TroubleOf(StreamRow row, IReadOnlyList<CollectorState>? collectors)
    {
        var path = StreamLabels.Read(row.Stream).FirstOrDefault(label => label.Key == FieldNames.FilePath).Value;
        return path is null ? null : collectors?.SelectMany(collector => collector.List).FirstOrDefault(entry => entry.Trouble is not null && Path.GetFullPath(entry.Source) == path)?.Trouble;
    }

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
