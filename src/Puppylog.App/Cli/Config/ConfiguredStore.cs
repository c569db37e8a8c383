using System.Globalization;
using Puppylog.Alerts.Keeping;
using Puppylog.App.Cli.Alerts;
using Puppylog.Configuration;
using Puppylog.Metrics;
using Puppylog.Pipeline;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli.Config;

/// <summary>A store of this process, and what collects into it, as flags and a configuration have it. Flags go before, at a reload too.</summary>
/// <param name="store">Takes the retention.</param>
/// <param name="directory">Where it is.</param>
/// <param name="retention">What flags say of it.</param>
/// <param name="settings">What flags say of the sources.</param>
/// <param name="alerts">Who evaluates the store's alerts.</param>
sealed class ConfiguredStore(ILogStore store, string directory, RetentionChange retention, CollectSettings settings, AlertDuty alerts) : IAsyncDisposable
{
    /// <summary>The same for every configuration that says nothing else: so only what changes is told to the store.</summary>
    RetentionChange _applied;

    /// <summary>Metrics whose records of before are being counted.</summary>
    Task _filling = Task.CompletedTask;
    readonly CancellationTokenSource _ended = new();
    Action<string> _tell = _ => { };

    /// <summary>Before anything is collected; tells what the store keeps.</summary>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    /// <exception cref="ConfigurationException">It does not fit what the store has.</exception>
    public async Task BeginAsync(PuppylogConfiguration? configuration, Action<string> tell, CancellationToken cancellationToken)
    {
        CheckMetrics(configuration);
        _applied = Retention(configuration);
        await RetentionOptions.ApplyAsync(store, _applied, tell, cancellationToken);
        ApplyGroups(configuration);
        _tell = tell;
        await ApplyMetricsAsync(configuration, cancellationToken);
        ApplyAlerts(configuration);
    }

    /// <summary>Ends when all metrics have counted what was there before they were made.</summary>
    public Task CompleteAsync() => _filling;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _filling;
        _ended.Dispose();
    }

    /// <summary>Works by another configuration from now on.</summary>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    /// <exception cref="ConfigurationException">It does not fit what the store has; nothing has changed.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public async Task ApplyAsync(Collector collector, PuppylogConfiguration next, CancellationToken cancellationToken)
    {
        CheckMetrics(next);
        if (Retention(next) is var wanted && wanted != _applied && store is IStoreUpkeep upkeep)
        {
            await upkeep.SetRetentionAsync(wanted, cancellationToken);
            _applied = wanted;
        }

        ApplyGroups(next);
        await ApplyMetricsAsync(next, cancellationToken);
        ApplyAlerts(next);
        await collector.ReconfigureAsync(settings.With(next).AllSources(), cancellationToken);
    }

    RetentionChange Retention(PuppylogConfiguration? configuration) =>
        new(retention.Age ?? configuration?.Retention.Age, retention.Bytes ?? configuration?.Retention.Bytes);

    /// <summary>Makes the store's alerts those of a configuration, beside those that commands made.</summary>
    void ApplyAlerts(PuppylogConfiguration? configuration)
    {
        if (configuration is not null)
        {
            alerts.Know(configuration.Notifiers);
            new AlertStore(directory, TimeProvider.System).Configure(configuration.Alerts, configuration.Notifiers);
        }
    }

    /// <summary>Lets queries know the groups of a configuration.</summary>
    void ApplyGroups(PuppylogConfiguration? configuration)
    {
        if (configuration is not null)
        {
            var now = Timestamps.Now(TimeProvider.System);
            StoreGroups.Configure(directory, [.. configuration.Groups.Select(group => new StreamGroup(group.Name, group.Match, IsConfigured: true, now))]);
        }
    }

    /// <summary>A metric that the configuration named before, and no longer does, may not be watched by one of its alerts.</summary>
    void CheckMetrics(PuppylogConfiguration? configuration)
    {
        if (configuration is null || configuration.Alerts.IsEmpty)
        {
            return;
        }

        var dropped = new MetricStore(directory, StoreSettings.Options(TimeProvider.System)).List()
            .Where(known => known.Metric.IsConfigured && configuration.Metrics.All(metric => metric.Id != known.Metric.Id)).Select(known => known.Metric.Id).ToHashSet(StringComparer.Ordinal);
        Mistake[] mistakes =
        [
            .. configuration.Alerts.Zip(configuration.AlertPlaces).Where(alert => alert.First.Metric is { } metric && dropped.Contains(metric)).Select(alert => new Mistake(
                configuration.File, alert.Second,
                $"metric: '{alert.First.Metric}', which the alert '{alert.First.Id}' watches, is no longer under metrics; name it there again, or take the alert out, too")),
        ];
        if (mistakes.Length > 0)
        {
            throw new ConfigurationException(mistakes);
        }
    }

    /// <summary>Makes the metrics of a configuration: they count from here on, and what was there before is counted beside.</summary>
    /// <exception cref="LogStoreException">There is another one of that name.</exception>
    async Task ApplyMetricsAsync(PuppylogConfiguration? configuration, CancellationToken cancellationToken)
    {
        if (configuration is null)
        {
            return;
        }

        await _filling;
        var metrics = new MetricStore(directory, StoreSettings.Options(TimeProvider.System));
        if (await metrics.ConfigureAsync([.. configuration.Metrics.Select(metric => metric.Definition).OfType<MetricDefinition>()], _tell, cancellationToken) is { } filling)
        {
            _filling = Task.Run(() => FillAsync(filling), CancellationToken.None);
        }
    }

    async Task FillAsync(MetricFilling filling)
    {
        using (filling)
        {
            var names = string.Join(", ", filling.Metrics.Select(metric => metric.Id));
            try
            {
                var records = await MetricStore.CompleteAsync(filling, _ended.Token);
                if (records > 0)
                {
                    _tell(string.Create(CultureInfo.InvariantCulture, $"metrics {names}: the {records:N0} records of before are counted, too"));
                }
            }
            catch (OperationCanceledException)
            {
                _tell($"metrics {names}: the records of before are not counted to the end; the next start begins again");
            }
            catch (LogStoreException wrong)
            {
                _tell($"metrics {names}: {wrong.Message}; the next start counts the records of before");
            }
        }
    }
}
