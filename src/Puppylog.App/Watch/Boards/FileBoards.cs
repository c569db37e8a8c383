using Puppylog.App.Cli.Streams;
using Puppylog.App.Tui.Tail;

namespace Puppylog.App.Watch.Boards;

/// <summary>Beside files that are watched without a store: only the files themselves.</summary>
sealed class FileBoards(LogFeed feed) : IBoards
{
    const string NoStore = "a file alone has none: 'puppylog collect -s FILE --watch' stores it, and 'puppylog monitor' watches that";

    public Task<StreamBoard> ReadStreamsAsync(CancellationToken cancellationToken)
    {
        var sources = feed.Standings();
        return Task.FromResult(new StreamBoard(
            [.. sources.Select(source => new StreamRow(null, source.Name, source.Records, source.Recent, source.LastTime, source.Position, source.Lag))],
            [.. sources.Select(source => source.Trouble).OfType<string>()]));
    }

    public Task<MetricBoard> ReadMetricsAsync(string? id, int periods, CancellationToken cancellationToken) =>
        Task.FromResult(new MetricBoard([], null, [], $"Metrics are kept by a store; {NoStore}."));

    public Task<AlertBoard> ReadAlertsAsync(string? id, CancellationToken cancellationToken) => Task.FromResult(new AlertBoard([], []));

    public Task<(IReadOnlyList<TailRecord> Records, long Covered)?> SearchAsync(TailFilter filter, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<TailRecord>, long)?>(null);

    public string? FindGroup(string name) => null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
