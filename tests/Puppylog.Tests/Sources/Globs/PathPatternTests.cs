using Puppylog.Sources.Globs;

namespace Puppylog.Tests.Sources.Globs;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("/var/log/*.log", "/var/log/a.log", true)]
    [InlineData("/var/log/*.log", "/var/log/x/a.log", false)]
    [InlineData("/var/log/*.log", "/var/log/.a.log", false)]
    [InlineData("/var/log/.*.log", "/var/log/.a.log", true)]
    [InlineData("/var/**/*.log", "/var/log/x/a.log", true)]
    [InlineData("/var/**/*.log", "/var/a.log", true)]
    [InlineData("/var/**", "/var/a.log", true)]
    [InlineData("/var/log/{app,web}-?.log", "/var/log/web-1.log", true)]
    [InlineData("/var/log/{app,web}-?.log", "/var/log/web-10.log", false)]
    [InlineData("/var/log/[a-c]*", "/var/log/bcd", true)]
    [InlineData("/var/log/[!a-c]*", "/var/log/bcd", false)]
    [InlineData("/var/log/[]x]", "/var/log/]", true)]
    [InlineData("/var/log/a+(b)$.log*", "/var/log/a+(b)$.log.1", true)]
    [InlineData(@"/var/log/\*.log*", "/var/log/*.log.1", true)]
    [InlineData(@"/var/log/\*.log*", "/var/log/x.log.1", false)]
    [InlineData("/var/../srv/./x*", "/srv/x1", true)]
    public void Path_matches_as_shells_have_it(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.Parse(pattern).IsMatch(path));

    [Theory]
    [InlineData("/var/log/[a-", @"the bracket in '[a-' is not closed; write \[ for a bracket that is meant itself")]
    [InlineData("/var/log/{a,b*", "the brace in '{a,b*' is not closed")]
    public void Pattern_that_is_not_closed_says_so(string pattern, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => PathPattern.Parse(pattern)).Message);
}
