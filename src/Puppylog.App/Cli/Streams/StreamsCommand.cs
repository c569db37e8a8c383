using System.CommandLine;
using Puppylog.App.Cli.Store;
using Puppylog.App.Collecting;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Streams;

/// <summary><c>puppylog streams</c>.</summary>
static class StreamsCommand
{
    const string Description = """
        List the streams: fields, records, rate, last record, position in the file, and lag.

        The rate is that of the last minute, in records a second; lag is how many bytes the file has beyond the position. A
        stream without a file has neither, and one of a file that is not here, as on an agent's machine, has no lag.

        Sources that cannot be read at the moment are named below.

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
            var directory = parsed.GetRequiredValue(data);
            await using var store = await EmbeddedStore.OpenReaderAsync(directory, TimeProvider.System, cancellationToken);
            var streams = await StreamList.ReadAsync(store, TimeProvider.System, cancellationToken);
            var collectors = CollectorFiles.Read(directory);
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json"
                ? StreamText.Json(streams, "stream", collectors)
                : StreamText.Table(streams, "stream") + CollectorText.Troubles(collectors));
            return streams.Count > 0 ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }
}
