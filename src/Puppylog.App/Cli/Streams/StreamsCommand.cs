using System.CommandLine;
using Puppylog.App.Cli.Store;
using Puppylog.App.Collecting;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Streams;

/// <summary><c>puppylog streams</c>.</summary>
static class StreamsCommand
{
    const string Description = """
        List the streams: records, rate, last record, how far their file was read and how many bytes it is ahead.

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
