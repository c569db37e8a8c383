using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Puppylog.App.Api;
using Puppylog.App.Cli.Alerts;
using Puppylog.App.Cli.Config;
using Puppylog.App.Collecting;
using Puppylog.App.Hosting;
using Puppylog.App.Watch.Boards;
using Puppylog.Configuration;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog serve</c>.</summary>
static class ServeCommand
{
    const string Description = """
        Run the server: it stores what agents on other machines send, and collects sources of its own.

        Examples:
          puppylog serve                                           listen on 127.0.0.1:7447
          puppylog serve -s '/var/log/**/*.log'                    collect as well, as 'collect --watch' does
          puppylog keys create web1 --role ingest                  a key for an agent, a shipper or a person; then
          puppylog serve --listen 0.0.0.0:7447 --tls-cert cert.pem --tls-key key.pem
                                                                   for other machines; the certificate is read again when it changes
          puppylog serve --config puppylog.yaml                    what the file says; SIGHUP reads it again
          curl http://127.0.0.1:7447/status                        what it does

        What is read, sent and stored is processed as --redact, --keep, --drop, --add and the file say. The file also
        sets how many queries run at a time, how long they may take and how much memory, and how long a body may be
        (server: max_queries, query_timeout, query_memory, max_body).
        """;

    static readonly Option<string[]> Source = SourceOption.Create(null);

    static readonly Option<IPEndPoint> Listen = new("--listen")
    {
        Description = "Address and port to listen on",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 7447),
        CustomParser = ParseListen,
    };

    static readonly Option<string?> Certificate = new("--tls-cert") { Description = "Certificate, with those in between, in PEM: makes it https", HelpName = "FILE" };

    static readonly Option<string?> Key = new("--tls-key") { Description = "The certificate's key in PEM, where it is in a file of its own", HelpName = "FILE" };

    static readonly Option<bool> Insecure = new("--insecure") { Description = "Listen on other addresses than this machine's own without a token" };

    public static Command Create()
    {
        var format = CommonOptions.Format();
        var config = ConfigurationFile.Option();
        var data = CommonOptions.Data();
        var command = new Command("serve", Description)
        {
            Listen, config, data, Source, format, TokenOptions.Token, TokenOptions.TokenFile, Certificate, Key, Insecure, RetentionOptions.Retain, RetentionOptions.RetainSize,
        };
        ReadingOptions.Add(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var file = parsed.GetResult(config) is null ? null : parsed.GetValue(config) ?? ConfigurationFile.Find();
            var configuration = file is null ? null : ConfigurationFile.Read(file);
            return RunAsync(
                Settings(parsed, configuration?.Server),
                new(file, configuration, ReadingOptions.Settings(parsed, Source, ReadingOptions.Of(parsed, Source, format))),
                (ReadingOptions.IsGiven(parsed, data) ? null : configuration?.Store.Data) ?? parsed.GetRequiredValue(data),
                RetentionOptions.Change(parsed),
                parsed.GetValue(Insecure),
                cancellationToken);
        });
        return command;
    }

    /// <summary>Options go before what the file says.</summary>
    /// <exception cref="OptionException">The file's address is none.</exception>
    static ServerSettings Settings(ParseResult parsed, ServerConfiguration? configured)
    {
        var listen = configured is null || ReadingOptions.IsGiven(parsed, Listen)
            ? parsed.GetRequiredValue(Listen)
            : ParseListen(configured.Listen) ?? throw new OptionException($"server.listen {ListenMistake(configured.Listen)}");
        // A certificate and its key belong together: from the flags, or from the file.
        var (certificate, key) = ReadingOptions.IsGiven(parsed, Certificate) ? (parsed.GetValue(Certificate), parsed.GetValue(Key)) : (configured?.Certificate, configured?.Key ?? parsed.GetValue(Key));
        if (key is not null && certificate is null)
        {
            throw new OptionException("a key without a certificate: name it with --tls-cert FILE");
        }

        return new(listen, TokenOptions.Read(parsed, configured?.Token), certificate, key);
    }

    static IPEndPoint? ParseListen(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var listen = ParseListen(text);
        if (listen is null)
        {
            result.AddError($"--listen {ListenMistake(text)}");
        }

        return listen;
    }

    static string ListenMistake(string text) => $"takes an address and a port, like 127.0.0.1:7447 or [::]:7447; not '{text}'";

    static IPEndPoint? ParseListen(string text)
    {
        if (text.StartsWith("localhost:", StringComparison.Ordinal))
        {
            text = $"127.0.0.1:{text["localhost:".Length..]}";
        }

        if (text.StartsWith(':'))
        {
            text = $"0.0.0.0{text}";
        }

        return IPEndPoint.TryParse(text, out var listen) && text.LastIndexOf(':') is > 0 and var colon
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? listen
                : null;
    }

    static async Task<int> RunAsync(
        ServerSettings settings, Collected collected, string directory, RetentionChange retention, bool insecure, CancellationToken cancellationToken)
    {
        var (file, configuration, reading) = collected;
        if (!IPAddress.IsLoopback(settings.Listen.Address) && settings.Token is null && !insecure && StoreKeys.List(directory).Count == 0)
        {
            throw new OptionException(
                $"{settings.Listen} can be reached by other machines: ask for a token (--token-file FILE), make keys ('puppylog keys create NAME --role ingest'), or say --insecure");
        }

        var clock = TimeProvider.System;
        using var hangUp = file is null ? null : new HangUpSignal();
        var options = reading.With(configuration) with { GoesOn = configuration is not null };
        var report = new CollectReport(Console.Error);
        var alerts = new AlertDuty(report, Console.Out, goesOn: true);
        var commits = new CommitMeter();
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, alerts.Options(clock) with { Meter = commits }, cancellationToken);
        await using var configured = new ConfiguredStore(store, directory, retention, reading, alerts);
        await configured.BeginAsync(configuration, report.Notice, cancellationToken);
        using var collector = options.AllSources().Count == 0 && configuration is null
            ? null
            : new Collector(store, options, LineParserLookup.Default, report, Console.OpenStandardInput, clock);
        using var reload = configuration is null ? null : new ConfigurationReload(
            configuration, () => ConfigurationFile.Read(file!), (next, stop) => configured.ApplyAsync(collector!, next, stop), report.Notice, cancellationToken);
        hangUp?.Listen(() => _ = reload!.ReloadAndTellAsync());

        using var states = collector is null ? null : CollectorFile.TryStart(directory, collector.States, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var boards = new StoreBoards(directory, clock, store);
        var state = new ServerState(store, collector?.Counters, states, clock)
        {
            Boards = boards,
            Directory = Path.GetFullPath(directory),
            Reload = reload,
            Limits = configuration is null ? QueryLimits.Default : QueryLimits.Of(configuration.Server),
            MaxBody = configuration?.Server.MaxBody ?? ServerConfiguration.DefaultMaxBody,
            Processing = new(reading.Flags.Processors, reload, clock),
            FindNotifier = alerts.Find,
            Commits = commits,
            Stopping = cancellationToken,
            Notice = report.Notice,
        };
        await using var server = await WebServer.StartAsync(settings, state, cancellationToken);
        report.Notice($"listening on {server.Address.GetLeftPart(UriPartial.Authority)}");
        var summary = collector is null ? null : await collector.RunAsync(ended.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (summary is not null)
        {
            await Console.Out.WriteLineAsync(CollectSummaryText.Text(summary));
        }

        return summary is { Failures.Count: > 0 } or { Unstored: > 0 } ? ExitCode.Error : ExitCode.Done;
    }
}
