using System.CommandLine;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store import</c>.</summary>
static class ImportCommand
{
    /// <summary>A record as JSON may be several times as long as the longest line that is collected.</summary>
    const int MaxLine = 256 << 20;

    const string Description = """
        Read records that 'store export' or another log database wrote as JSON lines.

        A line has _time, _msg and _stream, as VictoriaLogs answers (curl …/select/logsql/query -d 'query=*'). Times,
        fields and lines are those of the export.

        A file is imported once: run again after an interruption, it goes on where it stopped. Standard input has no
        such memory. Works beside a collector.

        Examples:
          puppylog store import all.jsonl.gz
          puppylog store export --data old | puppylog store import --data new
        """;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "JSON lines, .gz too; - or none is standard input", Arity = ArgumentArity.ZeroOrMore };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("import", Description) { files, data, output };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(files) is { Length: > 0 } named ? named : ["-"], parsed.GetRequiredValue(data), parsed.GetValue(output) == "json", cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(string[] files, string directory, bool json, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(clock), cancellationToken);
        var report = new CollectReport(Console.Error);
        var parsers = new LineParserLookup(_ => "export", (_, _) => new ExportLineParser());
        var options = new CollectOptions { Sources = files, Format = "export", KeepOrigin = true, MaxLine = MaxLine };
        var collector = new Collector(store, options, parsers, report, Console.OpenStandardInput, clock);
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

        if (summary.Counters.Read == 0 && summary.Failures.Count == 0)
        {
            report.Notice("nothing new: what was imported from a file before is not imported again");
        }

        return summary.Failures.Count > 0 || summary.Unstored > 0 || summary.Counters.Invalid > 0 ? ExitCode.Error : ExitCode.Done;
    }
}
