using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store export</c>.</summary>
static class ExportCommand
{
    const string Description = """
        Write records, oldest first, as JSON lines or as the original lines.

        'store import' turns the JSON lines into the same records again.

        Examples:
          puppylog store export --output all.jsonl.gz
          puppylog store export 'level:error _time:7d' | jq ._msg
          puppylog store export 'file_path:="/var/log/app.log"' --format raw --output app.log
        """;

    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "Which records, as a LogsQL filter", DefaultValueFactory = _ => "*" };
        var format = new Option<string>("--format") { Description = "JSON lines with all fields, or the original lines", HelpName = "jsonl|raw", DefaultValueFactory = _ => "jsonl" };
        format.TakeOnly("jsonl", "raw");
        var file = new Option<string?>("--output", "-o") { Description = "Write into this new file instead of standard output; compressed where it ends with .gz", HelpName = "FILE" };
        var data = CommonOptions.Data();
        var command = new Command("export", Description) { query, format, file, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var filter = QueryParser.Parse(parsed.GetRequiredValue(query), Timestamps.Now(TimeProvider.System), StoreGroups.Finder(parsed.GetRequiredValue(data)));
            if (filter.Pipes.FirstOrDefault(pipe => pipe is not FilterPipe) is { } pipe)
            {
                throw new OptionException($"export writes whole records, and '{pipe}' changes them: give a filter only, or use 'puppylog search'");
            }

            return await RunAsync(filter, parsed.GetRequiredValue(format), parsed.GetValue(file), parsed.GetRequiredValue(data), cancellationToken);
        });
        return command;
    }

    static async Task<int> RunAsync(LogQuery query, string format, string? file, string data, CancellationToken cancellationToken)
    {
        var damage = new DamageReport();
        var options = new QueryOptions { OnDamage = damage.Add };
        await using var store = await EmbeddedStore.OpenReaderAsync(data, TimeProvider.System, cancellationToken);
        var draft = file is null ? null : $"{file}.partial-{Environment.ProcessId}";
        try
        {
            bool hasRows;
            using (var stream = file is null ? null : Open(file, draft!))
            {
                using var output = stream is null ? OutputBuffer.OpenStandardOutput() : new OutputBuffer(stream);
                ResultWriter writer = format == "raw" ? new RawResultWriter(output) : new ExportWriter(output);
                using (StoreProgress.Start(() => (output.Written, 0), TimeProvider.System))
                {
                    await store.QueryAsync(query with { Options = options }, writer, cancellationToken);
                    writer.Complete();
                }

                hasRows = writer.HasRows;
                if (file is not null && output.Failure is { } failure)
                {
                    throw new UsageException($"cannot write {file}: {failure.Message}");
                }
            }

            if (draft is not null)
            {
                File.Move(draft, file!);
            }

            await damage.WriteAsync(Console.Error);
            return damage.Any ? ExitCode.Error : hasRows ? ExitCode.Done : ExitCode.Nothing;
        }
        catch (IOException e) when (file is not null)
        {
            throw new UsageException($"cannot write {file}: {e.Message}");
        }
        finally
        {
            File.Delete(draft ?? "-");
        }
    }

    static Stream Open(string file, string draft)
    {
        if (Path.Exists(file))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{file} is there already, and nothing is overwritten; name a new file"));
        }

        try
        {
            var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionLevel.Fastest) : stream;
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write {file}: permission denied");
        }
    }
}
