using Puppylog.App.Cli;
using Puppylog.Processing.Options;

namespace Puppylog.Tests.Cli;

public sealed class ProcessingOptionsTests
{
    [Fact]
    public void Processors_are_made_in_the_order_in_which_they_are_applied()
    {
        var parsed = CommandLine.Create().Parse(["collect", "--add", "team=a=b", "--drop", "x", "--keep", "y", "--add", "env=", "--redact", "email,ip", "card"]);
        Assert.Empty(parsed.Errors);
        var made = ProcessingOptions.Of(parsed);
        Assert.Equal(["redact", "redact", "keep", "drop", "add", "add"], made.Select(options => options.Kind));
        Assert.Equal(["email", "ip"], ((RedactOptions)made[0]).Detectors);
        Assert.Equal((new AddOptions("team", "a=b"), new AddOptions("env", "")), (made[4], made[5]));
        Assert.Empty(ProcessingOptions.Of(CommandLine.Create().Parse("collect")));
    }

    [Theory]
    [InlineData("--redact", "emial", "--redact: 'emial' is not known; there are email, card, bearer, secret, ip; did you mean 'email'?")]
    [InlineData("--redact", "", "--redact: name at least one of email, card, bearer, secret, ip, or a pattern of your own")]
    [InlineData("--add", "team", "--add takes NAME=VALUE, like team=shop; 'team' is none")]
    [InlineData("--add", "_raw=x", "--add: '_raw' cannot be changed: names with a leading _ are the product's own; take one without")]
    [InlineData("--drop", "* | limit 1", "--drop: a filter is expected here, without pipes\n  * | limit 1\n    ^")]
    public void Mistakes_are_told_with_what_would_work(string option, string value, string expected) =>
        Assert.Equal([expected], CommandLine.Create().Parse(["collect", option, value]).Errors.Select(error => error.Message));
}
