using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog collect</c>.</summary>
static class CollectCommand
{
    const string DefaultSource = "/tmp/access.log";
    const int LongestMaxLine = 256 << 20;

    const string Description = """
        Collect logs into the store, each line exactly once: a run goes on where the last one stopped.

        Examples:
          puppylog collect -s /var/log/nginx/access.log            read to the end and stop
          puppylog collect -s access.log error.log --watch         follow, through rotation and truncation
          zcat old.log.gz | puppylog collect -s - --format clf     read stdin
          puppylog collect -s access.log -w --retain 30d           keep a month, from now on
          puppylog collect -s access.log -o json                   print the summary as JSON
        """;

    static readonly Option<string[]> Source = new("--source", "-s")
    {
        Description = "Files to read; - is stdin, .gz files are decompressed, a named pipe is read as it comes",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [DefaultSource],
    };

    static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Follow the files until interrupted" };

    static readonly Option<bool> Now = new("--now", "-n") { Description = "Replace the times of records by the time of reading" };

    static readonly Option<string?> Invalid = new("--invalid")
    {
        Description = "What becomes of lines that do not match their format: report them on stderr, keep them as text, or drop them. The default is report for access logs, keep otherwise",
        HelpName = "report|keep|drop",
    };

    static readonly Option<int> MaxLine = new("--max-line")
    {
        Description = "Longest line that is kept whole; the rest of a longer one is cut off",
        HelpName = "BYTES",
        DefaultValueFactory = _ => CollectOptions.DefaultMaxLine,
        CustomParser = ParseMaxLine,
    };

    public static Command Create()
    {
        var format = CommonOptions.Format();
        Invalid.AcceptOnlyFromAmong("report", "keep", "drop");
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        Source.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError("--source takes the path of a file; an empty one names none");
            }
        });

        var command = new Command("collect", Description) { Source, Watch, Now, format, Invalid, data, output, MaxLine, RetentionOptions.Retain, RetentionOptions.RetainSize };
        command.Aliases.Add("collector");
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new CollectOptions
            {
                Sources = parsed.GetRequiredValue(Source),
                Watch = parsed.GetValue(Watch),
                Now = parsed.GetValue(Now),
                Format = parsed.GetRequiredValue(format),
                Invalid = parsed.GetValue(Invalid) is { } invalid ? Enum.Parse<InvalidLines>(invalid, ignoreCase: true) : null,
                MaxLine = parsed.GetValue(MaxLine),
            },
            parsed.GetRequiredValue(data),
            RetentionOptions.Change(parsed),
            json: parsed.GetValue(output) == "json",
            cancellationToken));
        return command;
    }

    static int ParseMaxLine(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes is >= 1 and <= LongestMaxLine)
        {
            return bytes;
        }

        result.AddError($"--max-line takes 1 to {LongestMaxLine} bytes");
        return 0;
    }

    static async Task<int> RunAsync(CollectOptions options, string directory, RetentionChange retention, bool json, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(clock), cancellationToken);
        var report = new CollectReport(Console.Error);
        await RetentionOptions.ApplyAsync(store, retention, report.Notice, cancellationToken);
        var collector = new Collector(store, options, LineParserLookup.Default, report, Console.OpenStandardInput, clock);
        CollectSummary summary;
        using (CollectProgress.Start(collector.Counters, report, clock))
        {
            summary = await collector.RunAsync(cancellationToken);
        }

        await Console.Out.WriteLineAsync(json ? CollectSummaryText.Json(summary) : CollectSummaryText.Text(summary));
        if (summary.Unstored > 0)
        {
            report.Notice(CollectSummaryText.Unstored(summary));
        }

        return summary.Failures.Count > 0 || summary.Unstored > 0 ? ExitCode.Error : ExitCode.Done;
    }
}
