using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.App.Collecting;
using Puppylog.Records;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Status;

namespace Puppylog.App.Cli.Store;

/// <summary>The store's status as people and programs read it.</summary>
static class StatusText
{
    const int MaxColumns = 25;

    public static string Text(string directory, StoreSurvey survey, IReadOnlyList<CollectorState> collectors)
    {
        var text = new StringBuilder();
        var status = survey.Status;
        Row(text, "store", directory);
        Row(text, "writer", survey.HasWriter ? survey.Writer is { } process ? Format($"pid {process}") : "a process" : "none");
        if (survey.Trouble is not null)
        {
            Row(text, "trouble", survey.Trouble);
        }

        CollectorText.Add(text, collectors);

        Row(text, "records", Format($"{status.Records:N0} in {Count(status.Blocks, "block")}, commit {status.LastCommit}"));
        if (status.OldestTime is { } oldest && status.NewestTime is { } newest)
        {
            Row(text, "times", $"{Timestamps.ToRfc3339(oldest)} to {Timestamps.ToRfc3339(newest)}");
        }

        Row(text, "segments", Format($"{Count(survey.Segments.Count, "file")} of {Count(survey.Days, "day")}: {States(survey)}"));
        Row(text, "size", Size(survey));
        Upkeep(text, status);
        if (status.DamagedBlocks > 0)
        {
            Row(text, "damaged", Format($"{Count(status.DamagedBlocks, "block")}: puppylog store verify --repair"));
        }

        Row(text, "quarantine", status.QuarantinedFiles == 0
            ? "empty"
            : Format($"{Count(status.QuarantinedFiles, "file")}, {CollectSummaryText.Size(survey.QuarantineBytes)}; the notes beside them say why"));
        SourceText.Add(text, survey.Positions);
        Columns(text, survey);
        return text.ToString();
    }

    public static string Json(string directory, StoreSurvey survey, IReadOnlyList<CollectorState> collectors) => JsonLine.Write(json =>
    {
        var status = survey.Status;
        json.WriteString("store", directory);
        json.WriteBoolean("has_writer", survey.HasWriter);
        json.WriteOptional("writer", survey.Writer);
        json.WriteOptional("trouble", survey.Trouble);
        json.WriteNumber("records", status.Records);
        json.WriteNumber("blocks", status.Blocks);
        json.WriteNumber("damaged_blocks", status.DamagedBlocks);
        json.WriteNumber("last_commit", status.LastCommit);
        json.WriteTime("oldest", status.OldestTime);
        json.WriteTime("newest", status.NewestTime);
        json.WriteNumber("days", survey.Days);
        json.WriteNumber("segments", survey.Segments.Count);
        foreach (var state in Enum.GetValues<SegmentState>())
        {
            json.WriteNumber($"segments_{Name(state)}", survey.Count(state));
        }

        json.WriteNumber("segment_bytes", status.SegmentBytes);
        json.WriteNumber("catalog_bytes", survey.CatalogBytes);
        json.WriteNumber("raw_bytes", survey.RawBytes);
        json.WriteBoolean("raw_bytes_estimated", survey.RawIsEstimate);
        json.WriteNumber("small_blocks", status.SmallBlocks);
        json.WriteTime("compacted_at", status.Compaction.LastTime);
        json.WriteNumber("compacted_blocks_before", status.Compaction.BlocksBefore);
        json.WriteNumber("compacted_blocks_after", status.Compaction.BlocksAfter);
        json.WriteNumber("compacted_bytes_before", status.Compaction.BytesBefore);
        json.WriteNumber("compacted_bytes_after", status.Compaction.BytesAfter);
        json.WriteOptional("retain_seconds", (long?)status.Retention.Age?.TotalSeconds);
        json.WriteOptional("retain_bytes", status.Retention.Bytes);
        json.WriteTime("dropped_at", status.Dropped.LastTime);
        json.WriteNumber("dropped_segments", status.Dropped.Segments);
        json.WriteNumber("dropped_records", status.Dropped.Records);
        json.WriteNumber("dropped_bytes", status.Dropped.Bytes);
        json.WriteNumber("leaving_files", status.Leavings.Count);
        json.WriteNumber("leaving_bytes", status.Leavings.Sum(leaving => leaving.Length));
        json.WriteNumber("quarantined_files", status.QuarantinedFiles);
        json.WriteNumber("quarantine_bytes", survey.QuarantineBytes);
        WriteDisk(json, directory);
        CollectorText.Write(json, collectors);
        json.WriteStartArray("sources");
        foreach (var position in survey.Positions)
        {
            json.WriteStartObject();
            json.WriteString("path", position.Path);
            json.WriteString("source", position.Source);
            json.WriteNumber("generation", position.Generation);
            json.WriteNumber("offset", position.Offset);
            json.WriteNumber("line", position.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (survey.Columns.Count > 0)
        {
            json.WriteStartArray("columns");
            foreach (var column in survey.Columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteNumber("bytes", column.Bytes);
                json.WriteNumber("blocks", column.Blocks);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    });

    static void WriteDisk(Utf8JsonWriter json, string directory)
    {
        try
        {
            if (new DriveInfo(directory) is { IsReady: true } disk)
            {
                json.WriteNumber("disk_free_bytes", disk.AvailableFreeSpace);
                json.WriteNumber("disk_bytes", disk.TotalSize);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A disk that does not tell.
        }
    }

    static void Upkeep(StringBuilder text, EmbeddedStoreStatus status)
    {
        var (done, dropped, keep) = (status.Compaction, status.Dropped, status.Retention);
        var small = status.SmallBlocks > 0 ? $", {Count(status.SmallBlocks, "small block")} before it" : "";
        Row(text, "compaction", done.LastTime is { } last
            ? Format($"last {Timestamps.ToRfc3339(last)}; {done.BlocksBefore:N0} blocks became {done.BlocksAfter:N0}, {CollectSummaryText.Size(done.BytesBefore)} became {CollectSummaryText.Size(done.BytesAfter)}{small}")
            : $"none yet{small}");
        var age = keep.Age is { } oldest ? Format($"{oldest.TotalDays:0.##} days") : null;
        var size = keep.Bytes is { } most ? CollectSummaryText.Size(most) : null;
        var dropping = dropped.LastTime is { } time
            ? Format($"; dropped {Count(dropped.Records, "record")}, {CollectSummaryText.Size(dropped.Bytes)}, last {Timestamps.ToRfc3339(time)}")
            : "";
        Row(text, "retention", (keep.KeepsEverything ? "keeps everything" : $"keeps {string.Join(" and ", new[] { age, size }.OfType<string>())}") + dropping);
        if (status.Leavings.Count > 0)
        {
            Row(text, "leaving", Format($"{Count(status.Leavings.Count, "file")} to be deleted, {CollectSummaryText.Size(status.Leavings.Sum(leaving => leaving.Length))}"));
        }
    }

    static string Size(StoreSurvey survey)
    {
        var stored = survey.Status.SegmentBytes + survey.CatalogBytes;
        var size = Format($"{CollectSummaryText.Size(survey.Status.SegmentBytes)} of segments, {CollectSummaryText.Size(survey.CatalogBytes)} of catalogue");
        return survey.RawBytes == 0 ? size
            : Format($"{size}; {(survey.RawIsEstimate ? "about " : "")}{CollectSummaryText.Size(survey.RawBytes)} of lines: {(double)survey.RawBytes / stored:0.0} to 1");
    }

    static string States(StoreSurvey survey)
    {
        var states = Enum.GetValues<SegmentState>().Where(state => survey.Count(state) > 0).Select(state => Format($"{survey.Count(state)} {Name(state)}"));
        return survey.Segments.Count == 0 ? "none" : string.Join(", ", states);
    }

    static void Columns(StringBuilder text, StoreSurvey survey)
    {
        if (survey.Columns.Count == 0)
        {
            return;
        }

        var total = Math.Max(1, survey.Columns.Sum(column => column.Bytes));
        Row(text, "columns", Format($"{survey.Columns.Count}, {CollectSummaryText.Size(total)}"));
        foreach (var column in survey.Columns.Take(MaxColumns))
        {
            var name = TerminalText.Visible(Encoding.UTF8.GetBytes(column.Name), 60);
            text.Append(Format($"  {name,-24} {CollectSummaryText.Size(column.Bytes),10} {100.0 * column.Bytes / total,5:0.0}%  in {Count(column.Blocks, "block")}\n"));
        }

        if (survey.Columns.Count > MaxColumns)
        {
            text.Append(Format($"  and {survey.Columns.Count - MaxColumns} more: -o json\n"));
        }
    }

    static string Name(SegmentState state) => state switch
    {
        SegmentState.Open => "open",
        SegmentState.Sealed => "sealed",
        SegmentState.Abandoned => "abandoned",
        _ => "damaged",
    };

    public static void Row(StringBuilder text, string name, string value) => text.Append(name.PadRight(12)).Append(value).Append('\n');

    public static string Count(long count, string what) => Format($"{count:N0} {what}{(count == 1 ? "" : "s")}");

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
