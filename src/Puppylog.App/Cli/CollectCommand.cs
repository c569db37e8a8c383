using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Puppylog.App.Cli.Config;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Sources.Globs;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog collect</c>.</summary>
static class CollectCommand
{
    const string DefaultSource = "/tmp/access.log";
    const int LongestMaxLine = 256 << 20;
    const string StartRule = "start:";
    const string NextRule = "continue:";

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
          puppylog collect -s access.log -o json                   print the summary as JSON
          puppylog collect --config puppylog.yaml --watch          what the file says; SIGHUP reads it again
        """;

    static readonly Option<string[]> Source = CreateSource(DefaultSource);

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

    static readonly Option<string[]> Exclude = new("--exclude")
    {
        Description = "Files that are not read though a pattern of --source matches them",
        HelpName = "PATTERN",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string> From = new("--from")
    {
        Description = "Where a file begins that was never read: at its beginning, or, for those that are there at the start, at its end. A file that was read goes on where it was left",
        HelpName = "beginning|end",
        DefaultValueFactory = _ => "beginning",
    };

    static readonly Option<int> BatchSize = new("--batch-size")
    {
        Description = "Records that are stored together at most",
        HelpName = "RECORDS",
        DefaultValueFactory = _ => RecordBatch.MaxRecords,
    };

    static readonly Option<TimeSpan> BatchWait = new("--batch-wait")
    {
        Description = "How long a record waits at most for others to be stored with, 200ms where this is not given; 20ms while somebody follows the store, where that is shorter",
        HelpName = "DURATION",
        CustomParser = ParseBatchWait,
    };

    static readonly Option<int> Workers = new("--workers")
    {
        Description = "Sources that are read and parsed at the same time; the lines of one stay in order",
        HelpName = "N",
        DefaultValueFactory = _ => CollectOptions.DefaultWorkers,
    };

    static readonly Option<string> Multiline = new("--multiline")
    {
        Description = "How lines are joined to records: as the format has it, not at all, or by an expression that the first lines of records match, or the further ones",
        HelpName = "auto|off|start:REGEX|continue:REGEX",
        DefaultValueFactory = _ => "auto",
    };

    static CollectCommand()
    {
        Invalid.AcceptOnlyFromAmong("report", "keep", "drop");
        From.AcceptOnlyFromAmong("beginning", "end");
        RequireRange(BatchSize, 1, RecordBatch.MaxRecords);
        RequireRange(Workers, 1, 64);
        Multiline.Validators.Add(RequireMultiline);
        Exclude.Validators.Add(RequirePatterns);
    }

    public static Command Create()
    {
        var format = CommonOptions.Format();
        var config = ConfigurationFile.Option();
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("collect", Description)
        {
            Source, config, Watch, format, data, output, RetentionOptions.Retain, RetentionOptions.RetainSize,
        };
        AddReading(command);
        command.Aliases.Add("collector");
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = Settings(parsed, Source, format);
            settings = settings with { Flags = settings.Flags with { Watch = parsed.GetValue(Watch) } };
            return RunAsync(
                settings,
                parsed.GetResult(config) is null ? null : parsed.GetValue(config) ?? ConfigurationFile.Find(),
                IsGiven(parsed, data) ? parsed.GetRequiredValue(data) : null,
                RetentionOptions.Change(parsed),
                json: parsed.GetValue(output) == "json",
                cancellationToken);
        });
        return command;
    }

    /// <summary><c>--source</c>, of every command that collects.</summary>
    /// <param name="otherwise">What is read where nothing is named; null: nothing.</param>
    public static Option<string[]> CreateSource(string? otherwise)
    {
        var option = new Option<string[]>("--source", "-s")
        {
            Description = "Files to read, or patterns of them in quotes (*, ?, [a-z], {a,b}, ** for directories); - is stdin, .gz files are decompressed, a named pipe is read as it comes",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
        };
        if (otherwise is not null)
        {
            option.DefaultValueFactory = _ => [otherwise];
        }

        option.Validators.Add(RequirePatterns);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError("--source takes the path of a file; an empty one names none");
            }
        });
        return option;
    }

    /// <summary>Adds the options that say how sources are read.</summary>
    public static void AddReading(Command command)
    {
        foreach (var option in new Option[] { Exclude, Now, From, Multiline, Invalid, MaxLine, BatchSize, BatchWait, Workers, ProcessingOptions.Redact, ProcessingOptions.Keep, ProcessingOptions.Drop, ProcessingOptions.Add })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What <see cref="AddReading"/> and the given options say; sources are followed.</summary>
    public static CollectOptions Options(ParseResult parsed, Option<string[]> source, Option<string> format) => WithBatchWait(Read(parsed, source, format), parsed);

    /// <summary>The same, for who also has a configuration.</summary>
    public static CollectSettings Settings(ParseResult parsed, Option<string[]> source, Option<string> format) =>
        new(Options(parsed, source, format), IsGiven(parsed, source), IsGiven(parsed, BatchSize), IsGiven(parsed, BatchWait), IsGiven(parsed, Workers));

    static CollectOptions Read(ParseResult parsed, Option<string[]> source, Option<string> format) => new()
    {
        Sources = parsed.GetValue(source) ?? [],
        Watch = true,
        Now = parsed.GetValue(Now),
        Format = parsed.GetRequiredValue(format),
        Invalid = parsed.GetValue(Invalid) is { } invalid ? Enum.Parse<InvalidLines>(invalid, ignoreCase: true) : null,
        JoinLines = parsed.GetRequiredValue(Multiline) != "off",
        JoinStart = ExpressionOf(parsed.GetRequiredValue(Multiline), StartRule),
        JoinNext = ExpressionOf(parsed.GetRequiredValue(Multiline), NextRule),
        MaxLine = parsed.GetValue(MaxLine),
        Excludes = [.. (parsed.GetValue(Exclude) ?? []).Select(PathPattern.Parse)],
        FromEnd = parsed.GetValue(From) == "end",
        BatchSize = parsed.GetValue(BatchSize),
        Workers = parsed.GetValue(Workers),
        Processors = ProcessingOptions.Of(parsed),
    };

    /// <summary>Lets records wait as long as was asked for.</summary>
    static CollectOptions WithBatchWait(CollectOptions options, ParseResult parsed) => parsed.GetResult(BatchWait) is null
        ? options
        : options with
        {
            FlushInterval = parsed.GetValue(BatchWait),
            WatchedFlushInterval = TimeSpan.FromTicks(Math.Min(options.WatchedFlushInterval.Ticks, parsed.GetValue(BatchWait).Ticks)),
        };

    static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    static string? ExpressionOf(string multiline, string rule) => multiline.StartsWith(rule, StringComparison.Ordinal) ? multiline[rule.Length..] : null;

    static void RequireMultiline(OptionResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "auto";
        if (text is "auto" or "off")
        {
            return;
        }

        try
        {
            _ = new PatternJoin(ExpressionOf(text, StartRule) ?? ExpressionOf(text, NextRule) ?? throw new ArgumentException($"takes auto, off, start:REGEX or continue:REGEX, not '{text}'"), isStart: true);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            result.AddError($"--multiline: {wrong.Message}");
        }
    }

    static void RequireRange(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes {least} to {most}"));
        }
    });

    static void RequirePatterns(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                if (!File.Exists(token.Value))
                {
                    PathPattern.Parse(token.Value);
                }
            }
            catch (FormatException wrong)
            {
                result.AddError($"{result.Option.Name}: {wrong.Message}");
            }
        }
    }

    static TimeSpan ParseBatchWait(ArgumentResult result)
    {
        if (Durations.TryParse(result.Tokens[0].Value, out var nanoseconds) && nanoseconds is >= 0 and <= 60 * Timestamps.Second)
        {
            return TimeSpan.FromMicroseconds(nanoseconds / 1000);
        }

        result.AddError("--batch-wait takes a duration of up to a minute, like 200ms or 1s");
        return default;
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
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(clock), cancellationToken);
        var report = new CollectReport(Console.Error);
        await RetentionOptions.ApplyAsync(store, new(retention.Age ?? configuration?.Retention.Age, retention.Bytes ?? configuration?.Retention.Bytes), report.Notice, cancellationToken);
        var collector = new Collector(store, options, LineParserLookup.Default, report, Console.OpenStandardInput, clock);
        if (configuration is not null)
        {
            var reload = new ConfigurationReload(
                configuration, () => ConfigurationFile.Read(file!), settings, collector, store, groups => StoreGroups.Configure(directory, groups), report.Notice, cancellationToken);
            reload.ApplyGroups(configuration);
            hangUp?.Listen(() => _ = reload.ReloadAndTellAsync());
        }

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
