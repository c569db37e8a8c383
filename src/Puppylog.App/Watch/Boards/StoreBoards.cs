using Puppylog.Alerts.Keeping;
using Puppylog.App.Cli;
using Puppylog.App.Cli.Search;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Collecting;
using Puppylog.App.Tui.Tail;
using Puppylog.Metrics;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Watch.Boards;

/// <summary>Beside an embedded store: read from its directory, whoever writes it.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="clock">What time it is.</param>
/// <param name="open">The store, where it is open already; it is not disposed of here.</param>
sealed class StoreBoards(string directory, TimeProvider clock, ILogStore? open = null) : IBoards
{
    const string NoStore = "There is no store yet: 'puppylog collect --watch' makes one.";

    readonly MetricReading _metrics = new(new MetricStore(directory, StoreSettings.Options(clock)), clock);
    readonly AlertStore _alerts = new(directory, clock);
    readonly SemaphoreSlim _opening = new(1);
    readonly bool _isOwn = open is null;
    ILogStore? _store = open;

    public async Task<StreamBoard> ReadStreamsAsync(CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken) is not { } store)
        {
            return new([], [], NoStore);
        }

        var troubles = CollectorFiles.Read(directory).SelectMany(collector => collector.List).Where(entry => entry.Trouble is not null);
        return new(await StreamList.ReadAsync(store, clock, cancellationToken), [.. troubles.Select(entry => $"{entry.Trouble} (since {entry.Since})")]);
    }

    public async Task<MetricBoard> ReadMetricsAsync(string? id, int periods, CancellationToken cancellationToken) =>
        await OpenAsync(cancellationToken) is null ? new([], null, [], NoStore) : await Task.Run(() => _metrics.Read(id, periods), cancellationToken);

    public async Task<AlertBoard> ReadAlertsAsync(string? id, CancellationToken cancellationToken) =>
        await OpenAsync(cancellationToken) is null ? new([], []) : await Task.Run(() => KeptAlertBoard.Read(_alerts, id, clock.GetUtcNow().ToUnixTimeSeconds()), cancellationToken);

    public async Task<(IReadOnlyList<TailRecord> Records, long Covered)?> SearchAsync(TailFilter filter, int limit, CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken) is not { } store)
        {
            return null;
        }

        var found = new TailRecords();
        var covered = await store.QueryAsync(new SearchRequest(filter.Query, "text", limit, Follow: true).LimitedQuery, found, cancellationToken);
        return (found.Records, covered);
    }

    public string? FindGroup(string name) => StoreGroups.Finder(directory)(name);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null && _isOwn)
        {
            await _store.DisposeAsync();
        }

        _opening.Dispose();
    }

    /// <summary>Null where there is no store yet.</summary>
    async Task<ILogStore?> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _store ??= File.Exists(Path.Combine(directory, "catalog.db")) ? await EmbeddedStore.OpenReaderAsync(directory, clock, cancellationToken) : null;
        }
        finally
        {
            _opening.Release();
        }
    }
}
