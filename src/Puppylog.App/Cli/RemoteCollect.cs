using System.Globalization;
using Puppylog.App.Cli.Config;
using Puppylog.Configuration;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded.Retention;
using Puppylog.Storage.Postgres;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog collect --store</c>: into a database. What the embedded store does beside the records is refused.</summary>
static class RemoteCollect
{
    public static async Task<int> RunAsync(
        CollectSettings settings, string? file, string address, RetentionChange retention, bool json, CancellationToken cancellationToken)
    {
        if (!retention.IsEmpty)
        {
            throw new OptionException("--retain and --retain-size are the embedded store's; with TimescaleDB 'puppylog bootstrap --retain' sets what a database keeps");
        }

        var clock = TimeProvider.System;
        using var hangUp = file is not null && settings.Flags.Watch ? new HangUpSignal() : null;
        var configuration = file is null ? null : Checked(ConfigurationFile.Read(file));
        var options = settings.With(configuration);
        if (options.AllSources().Count == 0)
        {
            throw new UsageException($"{file} names no sources; list some under 'sources', or name them with --source");
        }

        var report = new CollectReport(Console.Error);
        await using var store = await PostgresStore.OpenAsync(address, clock, cancellationToken);
        var collector = new Collector(store, options, LineParserLookup.Default, report, Console.OpenStandardInput, clock);
        using var reload = configuration is null ? null : new ConfigurationReload(
            configuration,
            () => Checked(ConfigurationFile.Read(file!)),
            (next, stop) => collector.ReconfigureAsync(settings.With(next).AllSources(), stop),
            report.Notice,
            cancellationToken);
        hangUp?.Listen(() => _ = reload!.ReloadAndTellAsync());
        CollectSummary summary;
        using (CollectProgress.Start(collector.Counters, report, clock))
        {
            summary = await collector.RunAsync(cancellationToken);
        }

        if (store.Replaced > 0)
        {
            report.Notice(string.Create(
                CultureInfo.InvariantCulture,
                $"{store.Replaced:N0} {(store.Replaced == 1 ? "value has" : "values have")} NUL or bytes that are no UTF-8, which PostgreSQL does not hold: U+FFFD stands there instead, and the lines keep their bytes in the column raw"));
        }

        return await CollectSummaryText.TellAsync(summary, json, report);
    }

    /// <exception cref="UsageException">The file asks for what only the embedded store does.</exception>
    static PuppylogConfiguration Checked(PuppylogConfiguration configuration)
    {
        var missing = new (bool IsMeant, string Name)[]
        {
            (configuration.Retention is { Age: not null } or { Bytes: not null }, "retention"),
            (!configuration.Groups.IsEmpty, "groups"),
            (!configuration.Metrics.IsEmpty, "metrics"),
            (!configuration.Alerts.IsEmpty, "alerts"),
        }.Where(section => section.IsMeant).Select(section => section.Name).ToList();
        return missing.Count == 0
            ? configuration
            : throw new UsageException($"{configuration.File}: {string.Join(", ", missing)}: a store named with --store does not keep that yet; leave it out of the file, or collect into the embedded store");
    }
}
