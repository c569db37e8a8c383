using Microsoft.Win32.SafeHandles;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Reading;

namespace Puppylog.Storage.Embedded;

/// <summary>
/// Metrics that count from now on, and what was there before: no record is in both, none in neither. One at a time in a
/// directory; where the process ends before it is complete, the metrics stay unfilled, and are begun again by whoever is next.
/// </summary>
sealed class MetricFilling : IDisposable
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    readonly string _directory;
    readonly SafeFileHandle _lock;
    readonly StoreReader _reader;

    MetricFilling(string directory, SafeFileHandle taken, StoreReader reader)
    {
        (_directory, _lock, _reader) = (directory, taken, reader);
        Metrics = [];
        Blocks = [];
    }

    /// <summary>The metrics, unfilled.</summary>
    public IReadOnlyList<MetricRow> Metrics { get; private set; }

    /// <summary>The blocks up to the commit <see cref="MetricRow.Since"/>, in the order of commits.</summary>
    public IReadOnlyList<RecordBlock> Blocks { get; private set; }

    /// <summary>Adds metrics; those of the same name that were never filled go.</summary>
    /// <exception cref="LogStoreException">There is one of that name, or the catalogue cannot be written.</exception>
    public static Task<MetricFilling> BeginAsync(
        string directory, EmbeddedStoreOptions options, IReadOnlyList<(string Id, string Definition, long Created)> metrics, CancellationToken cancellationToken) =>
        BeginAsync(directory, options, _ => metrics, cancellationToken);

    /// <summary>Begins again with all that were never filled; null where there is none.</summary>
    public static async Task<MetricFilling?> ResumeAsync(string directory, EmbeddedStoreOptions options, CancellationToken cancellationToken)
    {
        if (!StoreMetrics.List(directory).Any(metric => !metric.IsFilled))
        {
            return null;
        }

        return await BeginAsync(
            directory, options, known => [.. known.Where(metric => !metric.IsFilled).Select(metric => (metric.Id, metric.Definition, metric.Created))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds what the engine counted in <see cref="Blocks"/>.</summary>
    public void Complete(IReadOnlyList<byte[]> counts, IMetricEngine engine)
    {
        MetricCatalog.Fill(_directory, Metrics, counts, engine);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _lock.Dispose();
    }

    static async Task<MetricFilling> BeginAsync(
        string directory,
        EmbeddedStoreOptions options,
        Func<List<MetricRow>, IReadOnlyList<(string Id, string Definition, long Created)>> choose,
        CancellationToken cancellationToken)
    {
        directory = Path.GetFullPath(directory);
        var taken = await LockAsync(directory, options.Clock, cancellationToken).ConfigureAwait(false);
        StoreReader? reader = null;
        try
        {
            reader = new StoreReader(directory, options);
            var filling = new MetricFilling(directory, taken, reader);
            filling.Begin(choose);
            return filling;
        }
        catch
        {
            reader?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    void Begin(Func<List<MetricRow>, IReadOnlyList<(string Id, string Definition, long Created)>> choose)
    {
        var known = MetricCatalog.Read(_directory);
        var metrics = choose(known);
        var names = metrics.Select(metric => metric.Id).ToHashSet(StringComparer.Ordinal);
        if (known.FirstOrDefault(metric => metric.IsFilled && names.Contains(metric.Id)) is { } there)
        {
            throw new LogStoreException($"there is a metric '{there.Id}' already; 'puppylog metrics delete {there.Id}' removes it, another --identifier keeps both");
        }

        // The transaction keeps every commit and compaction out while the blocks are listed.
        Metrics = MetricCatalog.Add(
            _directory, [.. known.Where(metric => names.Contains(metric.Id)).Select(metric => metric.Number)], metrics,
            () => Blocks = _reader.Snapshot(long.MinValue, long.MaxValue));
    }

    static async Task<SafeFileHandle> LockAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            var handle = PosixCalls.OpenUnlocked(DataLayout.MetricsLock(directory));
            if (PosixCalls.TryLock(handle))
            {
                return handle;
            }

            handle.Dispose();
            await Task.Delay(RetryInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
