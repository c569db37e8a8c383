using System.CommandLine;
using System.Globalization;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Compaction;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store compact</c>.</summary>
static class CompactCommand
{
    const string Description = """
        Join the small blocks of slow sources into full ones now, at full speed: the store becomes smaller and faster.

        A collector does the same by itself, slowly, in the background. Where one runs, the work is its own and this
        command waits for it. What is replaced is deleted a minute later.

        Example:
          puppylog store compact
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("compact", Description) { data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(data);
            if (!File.Exists(Path.Combine(directory, "catalog.db")))
            {
                throw new UsageException($"there is no store in {directory}; collect something first: puppylog collect -s FILE");
            }

            var report = await RunAsync(directory, cancellationToken);
            await using var stream = StandardOutput.Open();
            new LineOutput(stream).Write(parsed.GetValue(output) == "json" ? Json(report) : Text(report));
            return ExitCode.Done;
        });
        return command;
    }

    static async Task<CompactionReport> RunAsync(string directory, CancellationToken cancellationToken)
    {
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(TimeProvider.System), cancellationToken);
        var progress = new Latest();
        using (StoreProgress.Start(() => (progress.Bytes, progress.Total), TimeProvider.System))
        {
            return await ((IStoreUpkeep)store).CompactAsync(progress, cancellationToken);
        }
    }

    static string Text(CompactionReport report) => report.SegmentsBefore == 0
        ? "nothing to compact\n"
        : string.Create(CultureInfo.InvariantCulture,
            $"{report.BlocksBefore:N0} blocks in {report.SegmentsBefore:N0} segments became {report.BlocksAfter:N0} in {report.SegmentsAfter:N0}; {CollectSummaryText.Size(report.BytesBefore)} became {CollectSummaryText.Size(report.BytesAfter)}\n");

    static string Json(CompactionReport report) => JsonLine.Write(json =>
    {
        json.WriteNumber("segments_before", report.SegmentsBefore);
        json.WriteNumber("segments_after", report.SegmentsAfter);
        json.WriteNumber("blocks_before", report.BlocksBefore);
        json.WriteNumber("blocks_after", report.BlocksAfter);
        json.WriteNumber("bytes_before", report.BytesBefore);
        json.WriteNumber("bytes_after", report.BytesAfter);
    });

    /// <summary>The last progress that was told; <see cref="Progress{T}"/> would tell it later, on another thread.</summary>
    sealed class Latest : IProgress<CompactionProgress>
    {
        long _bytes;
        long _total;

        public long Bytes => Volatile.Read(ref _bytes);

        public long Total => Volatile.Read(ref _total);

        public void Report(CompactionProgress value)
        {
            Volatile.Write(ref _bytes, value.BytesDone);
            Volatile.Write(ref _total, value.Bytes);
        }
    }
}
