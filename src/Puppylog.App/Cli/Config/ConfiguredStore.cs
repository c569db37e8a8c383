using Puppylog.Alerts.Keeping;
using Puppylog.App.Cli.Alerts;
using Puppylog.Configuration;
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
sealed class ConfiguredStore(ILogStore store, string directory, RetentionChange retention, CollectSettings settings, AlertDuty alerts)
{
    /// <summary>The same for every configuration that says nothing else: so only what changes is told to the store.</summary>
    RetentionChange _applied;

    /// <summary>Before anything is collected; tells what the store keeps.</summary>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    public async Task BeginAsync(PuppylogConfiguration? configuration, Action<string> tell, CancellationToken cancellationToken)
    {
        _applied = Retention(configuration);
        await RetentionOptions.ApplyAsync(store, _applied, tell, cancellationToken);
        ApplyGroups(configuration);
        ApplyAlerts(configuration);
    }

    /// <summary>Works by another configuration from now on.</summary>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public async Task ApplyAsync(Collector collector, PuppylogConfiguration next, CancellationToken cancellationToken)
    {
        if (Retention(next) is var wanted && wanted != _applied && store is IStoreUpkeep upkeep)
        {
            await upkeep.SetRetentionAsync(wanted, cancellationToken);
            _applied = wanted;
        }

        ApplyGroups(next);
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
}
