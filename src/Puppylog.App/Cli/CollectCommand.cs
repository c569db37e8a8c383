using System.CommandLine;
using Puppylog.App.Cli.Alerts;
using Puppylog.App.Cli.Config;
using Puppylog.App.Collecting;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog collect</c>.</summary>
static class CollectCommand
{
    const string DefaultSource = "/tmp/access.log";

    const string Description = """
        Collect logs into the store, each line exactly once: a run goes on where the last one stopped.

        Examples:
          puppylog collect -s /var/log/nginx/access.log            read to the end and stop
          puppylog collect -s access.log error.log --watch         follow, through rotation and truncation
          puppylog collect -s '/var/log/**/*.log' --exclude '/var/log/old/**' -w
                                                                   files by pattern, new ones as they come
          zcat old.log.gz | puppylog collect -s - --format clf     read stdin
          puppylog collect -s access.log -w --retain 30d           keep a month, from now on
          puppylog collect -s app.log --redact email,secret --drop 'level:debug'
                                                                   leave out what must not be stored
          puppylog collect -s fifo:/run/app.pipe -w                a named pipe, made where it is missing
          puppylog collect -s 'exec:journalctl -o json -f' -w      a command's output
          puppylog collect -s containers:/var/log/containers -w    containers of Kubernetes or Docker
          puppylog collect -s syslog:udp://0.0.0.0:514 syslog:tcp://0.0.0.0:514 -w
                                                                   syslog from others
          puppylog collect -s access.log -o json                   print the summary as JSON
          puppylog collect --config puppylog.yaml --watch          what the file says; SIGHUP reads it again
          puppylog collect -s access.log -w --store postgres://logs@db/logs
                                                                   into PostgreSQL or TimescaleDB (see 'bootstrap')

        Sources:
          PATH                      a file; .gz is decompressed, a pipe is read as it comes
          'PATTERN'                 files by pattern: *, ?, [a-z], {a,b}, ** for directories
          -                         stdin
          fifo:PATH                 a named pipe; its writers wait where the store is slow
          exec:COMMAND              what a command prints, run by /bin/sh; started again while watching
          containers:DIRECTORY      /var/log/containers, /var/log/pods or /var/lib/docker/containers
          syslog:udp://ADDRESS:PORT, syslog:tcp://ADDRESS:PORT
          syslog:tls://ADDRESS:PORT?cert=FILE&key=FILE[&client_ca=FILE]
                                    messages that others send, RFC 5424 and 3164
        """;

    static readonly Option<string[]> Source = SourceOption.Create(DefaultSource);

    static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Follow the files until interrupted" };

    public static Command Create()
    {
        var format = CommonOptions.Format();
        var config = ConfigurationFile.Option();
        var data = CommonOptions.Data();
        var store = StoreOption.Create();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("collect", Description)
        {
            Source, config, Watch, format, data, store, output, RetentionOptions.Retain, RetentionOptions.RetainSize,
        };
        ReadingOptions.Add(command);
        command.Aliases.Add("collector");
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = ReadingOptions.Of(parsed, Source, format) with { Watch = parsed.GetValue(Watch) };
            var file = parsed.GetResult(config) is null ? null : parsed.GetValue(config) ?? ConfigurationFile.Find();
            if (StoreOption.In(parsed, store, data) is { } address)
            {
                return RemoteCollect.RunAsync(
                    ReadingOptions.Settings(parsed, Source, options), file, address, RetentionOptions.Change(parsed), json: parsed.GetValue(output) == "json", cancellationToken);
            }

            return RunAsync(
                ReadingOptions.Settings(parsed, Source, options),
                file,
                ReadingOptions.IsGiven(parsed, data) ? parsed.GetRequiredValue(data) : null,
                RetentionOptions.Change(parsed),
                json: parsed.GetValue(output) == "json",
                cancellationToken);
        });
        return command;
    }

    static async Task<int> RunAsync(
        CollectSettings settings, string? file, string? data, RetentionChange retention, bool json, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        using var hangUp = file is not null && settings.Flags.Watch ? new HangUpSignal() : null;
        var configuration = file is null ? null : ConfigurationFile.Read(file);
        var options = settings.With(configuration);
        if (options.AllSources().Count == 0)
        {
            throw new UsageException($"{file} names no sources; list some under 'sources', or name them with --source");
        }

        var directory = data ?? configuration?.Store.Data ?? CommonOptions.DefaultDataDirectory();
        var report = new CollectReport(Console.Error);
        var alerts = new AlertDuty(report, json ? Console.Error : Console.Out, goesOn: settings.Flags.Watch);
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, alerts.Options(clock), cancellationToken);
        await using var configured = new ConfiguredStore(store, directory, retention, settings, alerts);
        await configured.BeginAsync(configuration, report.Notice, cancellationToken);
        var collector = new Collector(store, options, LineParserLookup.Default, report, Console.OpenStandardInput, clock);
        using var reload = configuration is null ? null : new ConfigurationReload(
            configuration, () => ConfigurationFile.Read(file!), (next, stop) => configured.ApplyAsync(collector, next, stop), report.Notice, cancellationToken);
        hangUp?.Listen(() => _ = reload!.ReloadAndTellAsync());

        CollectSummary summary;
        using (var states = CollectorFile.TryStart(directory, collector.States, clock))
        using (CollectProgress.Start(collector.Counters, report, clock, states))
        {
            summary = await collector.RunAsync(cancellationToken);
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            await configured.CompleteAsync();
        }

        await alerts.CatchUpAsync();
        return await CollectSummaryText.TellAsync(summary, json, report);
    }
}
