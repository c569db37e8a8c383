using Puppylog.Processing;
using Puppylog.Processing.Options;

namespace Puppylog.Tests.Processing.Options;

public sealed class ProcessorOptionsTests
{
    /// <summary>Options ⇶ the start of each mistake.</summary>
    static readonly (ProcessorOptions Options, string[] Problems)[] Table =
    [
        (new AddOptions("team", "shop"), []),
        (new AddOptions("", ""), ["name: the name of a field is expected, like team"]),
        (new AddOptions("_time", "1"), ["name: '_time' cannot be changed: names with a leading _ are the product's own"]),
        (new AddOptions(new string('x', 1025), "1"), ["name: the name of a field is longer than 1,024 bytes"]),
        (new AddOptions("a", "1") { Where = "b:(" }, ["where: "]),
        (new RenameOptions("a", "b"), []),
        (new RenameOptions("text", "_msg"), []),
        (new RenameOptions("a", "a"), ["to: 'a' has that name already"]),
        (new RenameOptions("_msg", "_raw"), ["from: '_msg' cannot be changed", "to: '_raw' cannot be changed"]),
        (new RemoveOptions(["a", "b.*"]), []),
        (new RemoveOptions([]), ["fields: name at least one field"]),
        (new RemoveOptions(default), ["fields: name at least one field"]),
        (new RemoveOptions(["a", "_stream"]), ["fields: '_stream' cannot be changed"]),
        (new FilterOptions("level:error", Keeps: true), []),
        (new FilterOptions("_time:>2026-01-01", Keeps: true), []),
        (new FilterOptions("level:(", Keeps: true), ["keep: "]),
        (new FilterOptions("* | limit 1", Keeps: false), ["drop: a filter is expected here, without pipes"]),
        (new FilterOptions("_time:5m", Keeps: false), ["drop: the filter is made once, when collecting begins; a time in it must be absolute"]),
        (new SampleOptions(0.1) { By = "trace_id" }, []),
        (new SampleOptions(0), ["ratio: takes a number between 0 and 1"]),
        (new SampleOptions(double.NaN) { By = "" }, ["ratio: takes a number between 0 and 1", "by: names a field"]),
        (new DeduplicateOptions(), []),
        (new DeduplicateOptions { Fields = [], Window = TimeSpan.Zero, Most = 0 }, ["fields: ", "window: takes a duration of up to a day", "most: takes 1 to 10000000"]),
        (new RateLimitOptions(100), []),
        (new RateLimitOptions(0.5) { Burst = 3, By = "user" }, []),
        (new RateLimitOptions(double.NaN) { Burst = 0.5, By = "" }, ["rate: takes the records that are kept a second", "burst: ", "by: "]),
        (new CapOptions { MaxFields = 100 }, []),
        (new CapOptions(), ["cap: max_fields or max_length is expected, like max_fields: 100"]),
        (new CapOptions { MaxFields = -1, MaxLength = 3 }, ["max_fields: takes the most fields", "max_length: takes the most bytes of a value, 16 or more"]),
        (new RedactOptions { Detectors = ["email", "ip"], Key = RedactionKey.FromText("0123456789abcdef\n") }, []),
        (new RedactOptions { Patterns = ["SSN-[0-9]{9}"], Mask = "####" }, []),
        (new RedactOptions(), ["detectors: name at least one of email, card, bearer, secret, ip"]),
        (new RedactOptions { Detectors = ["emial"] }, ["detectors: 'emial' is not known; there are email, card, bearer, secret, ip; did you mean 'email'?"]),
        (new RedactOptions { Patterns = ["[", "a*", "(?<=x)y", @"(a)\1"] }, ["patterns: '[' is no regular expression", "patterns: 'a*' matches nothing at all as well", "patterns: '(?<=x)y' looks around or back", @"patterns: '(a)\1' looks around or back"]),
        (new RedactOptions { Detectors = ["ip"], Mask = "a\"b", Key = RedactionKey.FromText("short"), Where = "a:b" }, ["where: does not go with redact", "mask: takes 1 to 64 ASCII characters", "key: is shorter than 16 bytes"]),
    ];

    [Fact]
    public void All_mistakes_are_told_with_what_would_work()
    {
        foreach (var (options, expected) in Table)
        {
            var problems = options.Check().Select(problem => problem.ToString()).ToList();
            Assert.True(
                problems.Count == expected.Length && problems.Zip(expected).All(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal)),
                $"{options} ⇶ {string.Join(" / ", problems)}");
        }
    }

    [Fact]
    public void Chain_refuses_what_has_a_mistake()
    {
        foreach (var (options, expected) in Table)
        {
            if (expected.Length > 0)
            {
                Assert.Throws<ArgumentException>(() => new ProcessorChain([options], TimeProvider.System));
            }
            else
            {
                Assert.Equal(options is RedactOptions, new ProcessorChain([options], TimeProvider.System) is { Redactor: not null, IsEmpty: true });
            }
        }
    }

    [Fact]
    public void Key_is_never_printed()
    {
        var options = new RedactOptions { Detectors = ["ip"], Key = RedactionKey.FromText("0123456789abcdef") };
        Assert.DoesNotContain("0123456789", options.ToString(), StringComparison.Ordinal);
    }
}
