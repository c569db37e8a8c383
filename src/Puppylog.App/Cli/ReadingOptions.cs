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

namespace Puppylog.App.Cli;

/// <summary>How sources are read, for every command that collects.</summary>
static class ReadingOptions
{
    const int LongestMaxLine = 256 << 20;

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

    static readonly Option<int> BatchSize = Whole("--batch-size", "Records that are stored together at most", "RECORDS", 1, RecordBatch.MaxRecords, RecordBatch.MaxRecords);

    static readonly Option<TimeSpan> BatchWait = new("--batch-wait")
    {
        Description = "How long a record waits at most for others to be stored with, 200ms where this is not given; 20ms while somebody follows the store, where that is shorter",
        HelpName = "DURATION",
        CustomParser = ParseBatchWait,
    };

    static readonly Option<int> Workers = Whole("--workers", "Sources that are read and parsed at the same time; the lines of one stay in order", "N", 1, 64, CollectOptions.DefaultWorkers);

    static readonly Option<JoinRule> Multiline = CommonOptions.Multiline();

    static ReadingOptions()
    {
        Invalid.TakeOnly("report", "keep", "drop");
        From.TakeOnly("beginning", "end");
        Exclude.Validators.Add(SourceOption.RequirePatterns);
    }

    public static void Add(Command command)
    {
        foreach (var option in new Option[]
        {
            Exclude, Now, From, Multiline, Invalid, MaxLine, BatchSize, BatchWait, Workers,
            ProcessingOptions.Redact, ProcessingOptions.Keep, ProcessingOptions.Drop, ProcessingOptions.Add,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What they say, with the sources and their format; sources are followed.</summary>
    public static CollectOptions Of(ParseResult parsed, Option<string[]> source, Option<string> format)
    {
        return WithBatchWait(parsed, new()
        {
            Sources = parsed.GetValue(source) ?? [],
            Watch = true,
            Now = parsed.GetValue(Now),
            Format = parsed.GetRequiredValue(format),
            Invalid = parsed.GetValue(Invalid) is { } invalid ? Enum.Parse<InvalidLines>(invalid, ignoreCase: true) : null,
            Join = parsed.GetRequiredValue(Multiline),
            MaxLine = parsed.GetValue(MaxLine),
            Excludes = [.. (parsed.GetValue(Exclude) ?? []).Select(PathPattern.Parse)],
            FromEnd = parsed.GetValue(From) == "end",
            BatchSize = parsed.GetValue(BatchSize),
            Workers = parsed.GetValue(Workers),
            Processors = ProcessingOptions.Of(parsed),
        });
    }

    /// <summary>The same beside a configuration: what was given on the command line goes before what the file says.</summary>
    public static CollectSettings Settings(ParseResult parsed, Option<string[]> source, CollectOptions options) =>
        new(options, IsGiven(parsed, source), IsGiven(parsed, BatchSize), IsGiven(parsed, BatchWait), IsGiven(parsed, Workers));

    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Lets records wait as long as was asked for.</summary>
    static CollectOptions WithBatchWait(ParseResult parsed, CollectOptions options) => !IsGiven(parsed, BatchWait)
        ? options
        : options with
        {
            FlushInterval = parsed.GetValue(BatchWait),
            WatchedFlushInterval = TimeSpan.FromTicks(Math.Min(options.WatchedFlushInterval.Ticks, parsed.GetValue(BatchWait).Ticks)),
        };

    /// <summary>An option that takes a whole number between two others.</summary>
    static Option<int> Whole(string name, string description, string helpName, int least, int most, int otherwise) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            {
                return value;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes {least} to {most}, not '{text}'"));
            return otherwise;
        },
    };

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
}
