using System.CommandLine;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Streams;

/// <summary><c>puppylog streams</c>.</summary>
static class StreamsCommand
{
    const string Description = """
        List the streams: their fields, records, records a second over the last minute, last record, the bytes of the file that
        were read, and how many bytes the file is ahead. A stream without a file, or of a file that is not here, has no lag.

        Examples:
          puppylog streams
          puppylog streams -o json
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("streams", Description) { data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await EmbeddedStore.OpenReaderAsync(parsed.GetRequiredValue(data), TimeProvider.System, cancellationToken);
            var streams = await StreamList.ReadAsync(store, TimeProvider.System, cancellationToken);
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? StreamText.Json(streams, "stream") : StreamText.Table(streams, "stream"));
            return streams.Count > 0 ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }
}
