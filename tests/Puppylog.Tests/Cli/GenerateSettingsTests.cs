using Puppylog.App.Cli;
using Puppylog.Records;

namespace Puppylog.Tests.Cli;

public sealed class GenerateSettingsTests
{
    static readonly GenerateSettings Nothing = new(null, null, null, null, null, null, null);

    static readonly Dictionary<string, string> Set = new(StringComparer.Ordinal)
    {
        ["LOG_BATCH_SIZE"] = "20",
        ["LOG_INTERVAL_SECONDS"] = "1.5",
        ["LOG_FILE_PATH"] = "/tmp/api_requests.log",
        ["MAX_LOGS_TO_GENERATE"] = "300",
    };

    [Fact]
    public void Without_anything_it_goes_on_at_full_speed()
    {
        var options = Nothing.ToOptions("combined", _ => null);
        Assert.Equal(0, options.Rate);
        Assert.Null(options.BatchSize);
        Assert.Equal(TimeSpan.Zero, options.Interval);
        Assert.Null(options.Max);
        Assert.Null(options.Seed);
        Assert.Null(Nothing.OutputPath(_ => null));
    }

    [Fact]
    public void Environment_gives_defaults()
    {
        var options = Nothing.ToOptions("combined", Set.GetValueOrDefault);
        Assert.Equal(20, options.BatchSize);
        Assert.Equal(TimeSpan.FromSeconds(1.5), options.Interval);
        Assert.Equal(300, options.Max);
        Assert.Equal("/tmp/api_requests.log", Nothing.OutputPath(Set.GetValueOrDefault));
    }

    [Fact]
    public void Flags_win_over_the_environment()
    {
        var settings = new GenerateSettings("2.5", "3", "0", "4", "18446744073709551615", "2026-02-01", "-");
        var options = settings.ToOptions("json", Set.GetValueOrDefault);
        Assert.Equal(2.5, options.Rate);
        Assert.Equal(3, options.BatchSize);
        Assert.Equal(TimeSpan.Zero, options.Interval);
        Assert.Equal(4, options.Max);
        Assert.Equal(ulong.MaxValue, options.Seed);
        Assert.Equal("2026-02-01T00:00:00Z", Timestamps.ToRfc3339(options.Start));
        Assert.Equal("-", settings.OutputPath(Set.GetValueOrDefault));
    }

    [Theory]
    [InlineData("rate", "-1", "--rate is '-1', but must be a number from 0 to 1000000000: records per second, or 0 for full speed")]
    [InlineData("rate", "1e400", "--rate is '1e400', but must be a number from 0 to 1000000000: records per second, or 0 for full speed")]
    [InlineData("rate", "NaN", "--rate is 'NaN', but must be a number from 0 to 1000000000: records per second, or 0 for full speed")]
    [InlineData("rate", "0.0001", "--rate is '0.0001', but must be at least 0.001, or 0 for full speed; for less, use --batch-size 1 --interval SECONDS")]
    [InlineData("batch", "0", "--batch-size is '0', but must be a whole number from 1 to 1000000: lines per write")]
    [InlineData("interval", "soon", "--interval is 'soon', but must be a number from 0 to 86400: seconds between writes")]
    [InlineData("max", "0", "--max is '0', but must be a whole number of at least 1: lines; leave it out to go on until Ctrl-C")]
    [InlineData("seed", "x", "--seed is 'x', but must be a whole number of at least 0; the same number gives the same lines again")]
    [InlineData("start", "yesterday", "--start is 'yesterday', but must be a time like 2026-01-01T00:00:00Z")]
    public void Wrong_value_is_told_with_the_way_out(string what, string value, string message)
    {
        var settings = what switch
        {
            "rate" => Nothing with { Rate = value },
            "batch" => Nothing with { BatchSize = value },
            "interval" => Nothing with { Interval = value },
            "max" => Nothing with { Max = value },
            "seed" => Nothing with { Seed = value },
            _ => Nothing with { Start = value, Seed = "1" },
        };
        Assert.Equal(message, Assert.Throws<OptionException>(() => settings.ToOptions("clf", _ => null)).Message);
    }

    [Fact]
    public void Wrong_variable_is_named() =>
        Assert.Equal(
            "$LOG_BATCH_SIZE is 'many', but must be a whole number from 1 to 1000000: lines per write",
            Assert.Throws<OptionException>(() => Nothing.ToOptions("clf", name => name == "LOG_BATCH_SIZE" ? "many" : null)).Message);

    [Fact]
    public void Start_without_seed_is_refused() =>
        Assert.Equal(
            "--start needs --seed: without a seed the lines carry the clock's time",
            Assert.Throws<OptionException>(() => (Nothing with { Start = "2026-01-01" }).ToOptions("clf", _ => null)).Message);
}
