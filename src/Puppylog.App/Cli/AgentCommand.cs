using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Puppylog.App.Cli.Config;
using Puppylog.App.Hosting;
using Puppylog.Configuration;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog agent</c>.</summary>
static class AgentCommand
{
    const string Variable = "PUPPYLOG_SERVER";

    const string Description = """
        Collect logs and send them to a server on another machine, each line exactly once.

        Files are their own buffer while the server is away: the agent waits, and goes on from the position that the
        server has. What cannot be read again (stdin, named pipes) is kept on disk until the server has it.

        Examples:
          puppylog agent -s '/var/log/**/*.log' --server http://10.0.0.5:7447
          puppylog agent -s app.log --server https://logs.example.org --token-file /etc/puppylog/token
          journalctl -f -o json | puppylog agent -s - --server http://10.0.0.5:7447 --spool-size 4GiB
          puppylog agent -s app.log --server http://10.0.0.5:7447 --label application_name=shop
          puppylog agent --config puppylog.yaml                    what the file says; SIGHUP reads it again
        """;

    static readonly Option<string[]> Source = SourceOption.Create(null);

    static readonly Option<string?> Server = new("--server") { Description = $"Where the server is (default: ${Variable})", HelpName = "URL" };

    public static Option<string?> Authority { get; } = new("--ca")
    {
        Description = "Certificates in PEM that vouch for the server, instead of the system's",
        HelpName = "FILE",
    };

    static readonly Option<string> Data = new("--data")
    {
        Description = "Directory of the agent: its identity, and what waits to be sent",
        HelpName = "DIR",
        DefaultValueFactory = _ => CommonOptions.DefaultDataDirectory() + "-agent",
    };

    static readonly Option<long?> SpoolSize = new("--spool-size")
    {
        Description = "Bytes on disk for what cannot be read again; 1GiB where this is not given; when they are used, such sources are not read on until the server has taken some",
        HelpName = "SIZE",
        CustomParser = ParseSize,
    };

    static readonly Option<string[]> Label = new("--label")
    {
        Description = "A field of every record, such as application_name=shop; host_name is this machine's name where it is not given",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var format = CommonOptions.Format();
        var config = ConfigurationFile.Option();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("agent", Description)
        {
            Source, config, Server, TokenOptions.Token, TokenOptions.TokenFile, Authority, Data, SpoolSize, Label, format, output,
        };
        ReadingOptions.Add(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var file = parsed.GetResult(config) is null ? null : parsed.GetValue(config) ?? ConfigurationFile.Find();
            var configuration = file is null ? null : ConfigurationFile.Read(file, ConfigurationUse.Agent);
            return RunAsync(
                Settings(parsed, configuration?.Agent),
                new(file, configuration, ReadingOptions.Settings(parsed, Source, ReadingOptions.Of(parsed, Source, format) with { Labels = Labels(parsed) })),
                json: parsed.GetValue(output) == "json",
                cancellationToken);
        });
        return command;
    }

    /// <summary>Options go before what the file says, and that before the environment.</summary>
    static AgentSettings Settings(ParseResult parsed, AgentConfiguration? configured) => new(
        ServerUrl(parsed, configured?.Server),
        TokenOptions.Read(parsed, configured?.Token),
        ReadAuthority(parsed.GetValue(Authority) ?? configured?.Authority),
        (ReadingOptions.IsGiven(parsed, Data) ? null : configured?.Data) ?? parsed.GetRequiredValue(Data),
        parsed.GetValue(SpoolSize) ?? configured?.SpoolSize ?? AgentConfiguration.DefaultSpoolSize,
        configured?.Id);

    static Uri ServerUrl(ParseResult parsed, Uri? configured)
    {
        var text = parsed.GetValue(Server);
        if (text is null && configured is not null)
        {
            return configured;
        }

        text ??= Environment.GetEnvironmentVariable(Variable);
        if (text is null or "")
        {
            throw new OptionException("name the server with --server URL, or as agent.server in a configuration");
        }

        return AgentConfiguration.TryParseServer(text, out var url)
            ? url
            : throw new OptionException($"--server takes a URL like http://10.0.0.5:7447; not '{text}'");
    }

    /// <exception cref="OptionException">The file holds no certificate.</exception>
    public static X509Certificate2Collection? ReadAuthority(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates.Count > 0 ? certificates : throw new OptionException($"--ca {path} holds no certificate in PEM");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new OptionException($"--ca {path}: {e.Message}");
        }
    }

    static List<KeyValuePair<string, string>> Labels(ParseResult parsed)
    {
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var text in parsed.GetValue(Label) ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? text[..equals] : "";
            if (name.Length == 0 || name[0] == '_' || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.') || equals == text.Length - 1)
            {
                throw new OptionException($"--label takes NAME=VALUE, like application_name=shop; not '{text}'");
            }

            labels.Add(new(name, text[(equals + 1)..]));
        }

        if (!labels.Exists(label => label.Key == HostName))
        {
            labels.Insert(0, new(HostName, Environment.MachineName));
        }

        return labels;
    }

    const string HostName = "host_name";

    static long? ParseSize(ArgumentResult result)
    {
        if (RetentionText.TryParseSize(result.Tokens[0].Value, out var bytes) && bytes >= AgentConfiguration.LeastSpoolSize)
        {
            return bytes;
        }

        result.AddError($"--spool-size takes a size such as 1GiB or 500MB, at least {AgentConfiguration.LeastSpoolSize >> 20}MiB; not '{result.Tokens[0].Value}'");
        return null;
    }

    static async Task<int> RunAsync(AgentSettings settings, Collected collected, bool json, CancellationToken cancellationToken)
    {
        var (file, configuration, reading) = collected;
        using var hangUp = file is null ? null : new HangUpSignal();
        var options = reading.With(configuration);
        if (options.AllSources().Count == 0)
        {
            throw new OptionException(file is null ? "name what to collect with -s PATH" : $"{file} names no sources; list some under 'sources', or name them with -s PATH");
        }

        var clock = TimeProvider.System;
        var report = new CollectReport(Console.Error);
        CollectProgress? progress = null;
        CollectSummary summary;
        await using (var agent = new Agent(settings, options, report, clock))
        {
            report.Notice($"agent {agent.Id} sends to {settings.Server.GetLeftPart(UriPartial.Path)}");
            using var reload = configuration is null ? null : new ConfigurationReload(
                configuration, () => ConfigurationFile.Read(file!, ConfigurationUse.Agent), (next, stop) => agent.ReconfigureAsync(reading.With(next), stop), report.Notice, cancellationToken);
            hangUp?.Listen(() => _ = reload!.ReloadAndTellAsync());
            try
            {
                summary = await agent.RunAsync(Show, cancellationToken);
            }
            finally
            {
                progress?.Dispose();
            }
        }

        return await CollectSummaryText.TellAsync(summary, json, report);

        void Show(CollectCounters counters)
        {
            progress?.Dispose();
            progress = CollectProgress.Start(counters, report, clock);
        }
    }
}
