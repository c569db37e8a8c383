using Puppylog.Forwarding;
using Puppylog.Forwarding.Spooling;
using Puppylog.Pipeline;
using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Storage;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.App.Hosting;

/// <summary>A collector whose store is a server, and a spool for what cannot be read again.</summary>
static class Agent
{
    /// <param name="begun">Given each collector as it begins, for progress.</param>
    public static async Task<CollectSummary> RunAsync(
        AgentSettings settings, CollectOptions options, ICollectReport report, Action<CollectCounters> begun, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var directory = AgentDirectory.Open(settings.Directory);
        var server = new ServerOptions(settings.Server, directory.Id, settings.Token, Environment.MachineName);
        using var room = SpoolRoom.Open(LocalFileSystem.Instance, directory.Spool, settings.SpoolSize, report.Notice, clock);
        var replayable = TakeStreams(room, options, report, clock);
        using var link = new ServerLink(server, ServerLink.Handler(settings.Authority), clock);
        await using var store = new HttpLogStore(link, server, report.Notice, room.Acknowledge, clock);
        report.Notice($"agent {directory.Id} sends to {settings.Server.GetLeftPart(UriPartial.Path)}");
        // When cancelled: what was taken from streams is on disk before the collector ends.
        using var stop = cancellationToken.Register(room.Stop);
        var pauses = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        while (true)
        {
            using var collector = new Collector(store, options with { Sources = replayable }, LineParserLookup.Default, report, static () => Stream.Null, clock)
            {
                FurtherSources = room.Sources(),
            };
            begun(collector.Counters);
            try
            {
                var summary = await collector.RunAsync(cancellationToken);
                return summary with { Failures = [.. summary.Failures, .. room.Failures] };
            }
            catch (PositionConflictException conflict)
            {
                // Another agent with this id, or a server that was restored: what it knows counts.
                report.Notice($"the server has another position of {conflict.SourceId}: reading goes on from there");
            }

            await Task.Delay(pauses.Next(), clock, cancellationToken);
        }
    }

    /// <summary>Begins to read what cannot be read again, whether the server is there or not; returns the other names.</summary>
    static List<string> TakeStreams(SpoolRoom room, CollectOptions options, ICollectReport report, TimeProvider clock)
    {
        var replayable = new List<string>();
        foreach (var name in options.Sources.Distinct(StringComparer.Ordinal))
        {
            LogSource Open(Action wake) =>
                LogSources.Create(name, new SourceContext(true, options.MaxLine, new PositionBook([]), null, wake, report.Notice, clock), Console.OpenStandardInput);
            if (LogSources.IsPattern(name))
            {
                replayable.Add(name);
                continue;
            }

            using var probe = Open(static () => { });
            if (probe.IsReplayable)
            {
                replayable.Add(name);
            }
            else
            {
                room.Take(name, probe.FilePath, Open);
            }
        }

        return replayable;
    }
}
