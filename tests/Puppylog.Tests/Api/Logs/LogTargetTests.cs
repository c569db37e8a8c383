using Puppylog.App.Api.Logs;

namespace Puppylog.Tests.Api.Logs;

public sealed class LogTargetTests
{
    [Theory]
    [InlineData("/var/log/app.log", null, "/var/log/app.log")]
    [InlineData("%2Fvar%2flog%2Fapp.log", null, "/var/log/app.log")]
    [InlineData("/a/../b%20c", null, "/a/../b c")]
    [InlineData("status/404", "status", "404")]
    [InlineData("path//cart/1", "path", "/cart/1")]
    [InlineData("path/%2Fcart", "path", "/cart")]
    [InlineData("user.id/a%2Fb", "user.id", "a/b")]
    public void Path_begins_with_a_slash_and_everything_else_is_a_field(string sent, string? field, string value) =>
        Assert.Equal(new LogTarget(field, value), LogTarget.Parse(sent));

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("status/")]
    public void Field_without_a_value_is_none(string sent) => Assert.Null(LogTarget.Parse(sent));
}
