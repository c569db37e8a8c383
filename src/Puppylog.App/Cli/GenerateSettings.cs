using System.Globalization;
using System.Text;
using Puppylog.Generation;
using Puppylog.Records;

namespace Puppylog.App.Cli;

/// <summary>The words of <c>generate</c>'s flags, as they were given; the environment fills in what was not.</summary>
sealed record GenerateSettings(string? Rate, string? BatchSize, string? Interval, string? Max, string? Seed, string? Start, string? Output)
{
    public const string DefaultStart = "2026-01-01T00:00:00Z";

    /// <summary>What a write may hold at most; more would only take memory.</summary>
    const long MaxBatchSize = 1_000_000;

    const double MaxRate = 1e9;

    /// <summary>One record in some 17 minutes; waits beyond that are better put as an interval.</summary>
    const double LeastRate = 0.001;
    const double MaxIntervalSeconds = 86_400;

    /// <exception cref="OptionException">A value is none, or values do not go together.</exception>
    public GenerationOptions ToOptions(string format, Func<string, string?> environment)
    {
        if (Start is not null && Seed is null)
        {
            throw new OptionException("--start needs --seed: without a seed the lines carry the clock's time");
        }

        return new(format)
        {
            Rate = RateNumber(),
            BatchSize = (int?)Whole(Given("--batch-size", BatchSize, "LOG_BATCH_SIZE", environment), MaxBatchSize, "lines per write"),
            Interval = TimeSpan.FromSeconds(Decimal(Given("--interval", Interval, "LOG_INTERVAL_SECONDS", environment), MaxIntervalSeconds, "seconds between writes")),
            Max = Whole(Given("--max", Max, "MAX_LOGS_TO_GENERATE", environment), long.MaxValue, "lines; leave it out to go on until Ctrl-C"),
            Seed = SeedNumber(),
            Start = StartTime(),
        };
    }

    public string? OutputPath(Func<string, string?> environment) =>
        Output switch
        {
            null => environment("LOG_FILE_PATH") is { Length: > 0 } set ? set : null,
            "" => throw new OptionException("--output is empty: name a file, or leave it out for standard output"),
            _ => Output,
        };

    static (string Name, string? Text) Given(string flag, string? text) => (flag, text);

    static (string Name, string? Text) Given(string flag, string? text, string variable, Func<string, string?> environment) =>
        text is not null ? (flag, text)
        : environment(variable) is { Length: > 0 } set ? ($"${variable}", set)
        : (flag, null);

    static double Decimal((string Name, string? Text) given, double most, string meaning)
    {
        if (given.Text is null)
        {
            return 0;
        }

        return double.TryParse(given.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new OptionException($"{given.Name} is '{given.Text}', but must be a number from 0 to {most.ToString("0", CultureInfo.InvariantCulture)}: {meaning}");
    }

    static long? Whole((string Name, string? Text) given, long most, string meaning)
    {
        if (given.Text is null)
        {
            return null;
        }

        return long.TryParse(given.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new OptionException($"{given.Name} is '{given.Text}', but must be a whole number {(most == long.MaxValue ? "of at least 1" : $"from 1 to {most.ToString(CultureInfo.InvariantCulture)}")}: {meaning}");
    }

    double RateNumber()
    {
        var rate = Decimal(Given("--rate", Rate), MaxRate, "records per second, or 0 for full speed");
        return rate is > 0 and < LeastRate
            ? throw new OptionException($"--rate is '{Rate}', but must be at least 0.001, or 0 for full speed; for less, use --batch-size 1 --interval SECONDS")
            : rate;
    }

    ulong? SeedNumber() =>
        Seed is null ? null
        : ulong.TryParse(Seed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new OptionException($"--seed is '{Seed}', but must be a whole number of at least 0; the same number gives the same lines again");

    long StartTime()
    {
        var text = Start ?? DefaultStart;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            text += "T00:00:00Z";
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return Timestamps.TryParseIso(bytes, out var time, out var length) && length == bytes.Length
            ? time
            : throw new OptionException($"--start is '{Start}', but must be a time like {DefaultStart}");
    }
}
