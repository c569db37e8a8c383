using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Puppylog.App.Hosting;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog agent</c>.</summary>
static class AgentCommand
{
    const string Variable = "PUPPYLOG_SERVER";
    const long SmallestSpool = 16 << 20;

    const string Description = """
        Collect logs and send them to a server on another machine, each line exactly once.

        Files are their own buffer while the server is away: the agent waits, and goes on from the position that the
        server has. What cannot be read again (stdin, named pipes) is kept on disk until the server has it.

        Examples:
          puppylog agent -s '/var/log/**/*.log' --server http://10.0.0.5:7447
          puppylog agent -s app.log --server https://logs.example.org --token-file /etc/puppylog/token
          journalctl -f -o json | puppylog agent -s - --server http://10.0.0.5:7447 --spool-size 4GiB
          puppylog agent -s app.log --server http://10.0.0.5:7447 --label application_name=shop
        """;

    static readonly Option<string[]> Source = CollectCommand.CreateSource(null);

    static readonly Option<string?> Server = new("--server") { Description = $"Where the server is (default: ${Variable})", HelpName = "URL" };

    static readonly Option<string?> Authority = new("--ca")
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

    static readonly Option<long> SpoolSize = new("--spool-size")
    {
        Description = "Bytes on disk for what cannot be read again; when they are used, such sources are not read on until the server has taken some",
        HelpName = "SIZE",
        DefaultValueFactory = _ => 1L << 30,
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
        var output = CommonOptions.Output("text", "json");
        var command = new Command("agent", Description)
        {
            Source, Server, TokenOptions.Token, TokenOptions.TokenFile, Authority, Data, SpoolSize, Label, format, output,
        };
        CollectCommand.AddReading(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new AgentSettings(ServerUrl(parsed), TokenOptions.Read(parsed), ReadAuthority(parsed), parsed.GetRequiredValue(Data), parsed.GetValue(SpoolSize)),
            CollectCommand.Options(parsed, Source, format) with { Labels = Labels(parsed) },
            json: parsed.GetValue(output) == "json",
            cancellationToken));
        return command;
    }

    static Uri ServerUrl(ParseResult parsed)
    {
        var text = parsed.GetValue(Server) ?? Environment.GetEnvironmentVariable(Variable);
        if (text is null or "")
        {
            throw new OptionException("name the server with --server URL");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw new OptionException($"--server takes a URL like http://10.0.0.5:7447; not '{text}'");
    }

    static X509Certificate2Collection? ReadAuthority(ParseResult parsed)
    {
        if (parsed.GetValue(Authority) is not { } path)
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

    static long ParseSize(ArgumentResult result)
    {
        if (RetentionText.TryParseSize(result.Tokens[0].Value, out var bytes) && bytes >= SmallestSpool)
        {
            return bytes;
        }

        result.AddError($"--spool-size takes a size such as 1GiB or 500MB, at least {SmallestSpool >> 20}MiB; not '{result.Tokens[0].Value}'");
        return 0;
    }

    static async Task<int> RunAsync(AgentSettings settings, CollectOptions options, bool json, CancellationToken cancellationToken)
    {
        if (options.Sources.Count == 0)
        {
            throw new OptionException("name what to collect with -s PATH");
        }

        var clock = TimeProvider.System;
        var report = new CollectReport(Console.Error);
        CollectProgress? progress = null;
        CollectSummary summary;
        try
        {
            summary = await Agent.RunAsync(settings, options, report, Show, clock, cancellationToken);
        }
        finally
        {
            progress?.Dispose();
        }

        await Console.Out.WriteLineAsync(json ? CollectSummaryText.Json(summary) : CollectSummaryText.Text(summary));
        if (summary.Unstored > 0)
        {
            report.Notice(CollectSummaryText.Unstored(summary));
        }

        return summary.Failures.Count > 0 || summary.Unstored > 0 ? ExitCode.Error : ExitCode.Done;

        void Show(CollectCounters counters)
        {
            progress?.Dispose();
            progress = CollectProgress.Start(counters, report, clock);
        }
    }
}
