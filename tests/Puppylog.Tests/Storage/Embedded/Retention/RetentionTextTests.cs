using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Tests.Storage.Embedded.Retention;

public sealed class RetentionTextTests
{
    [Theory]
    [InlineData("30d", "30d")]
    [InlineData("12h", "12h")]
    [InlineData("4w", "28d")]
    [InlineData("1y", "365d")]
    [InlineData("1.5h", "90m")]
    [InlineData("90s", "90s")]
    [InlineData("Forever", "0d")]
    public void Age_is_read(string text, string expected)
    {
        Assert.True(RetentionText.TryParseAge(text, out var age));
        Assert.Equal(expected, RetentionText.Format(age));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("d")]
    [InlineData("-3d")]
    [InlineData("0d")]
    [InlineData("1000y")]
    [InlineData("NaNd")]
    [InlineData("3 d")]
    [InlineData("3dd")]
    public void What_is_no_age_is_refused(string text) => Assert.False(RetentionText.TryParseAge(text, out _));

    [Theory]
    [InlineData("50GB", 50_000_000_000)]
    [InlineData("50gb", 50_000_000_000)]
    [InlineData("20GiB", 20L << 30)]
    [InlineData("1.5T", 1_500_000_000_000)]
    [InlineData("16777216B", 16 << 20)]
    [InlineData("unlimited", 0)]
    public void Size_is_read(string text, long expected)
    {
        Assert.True(RetentionText.TryParseSize(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("50")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("1MB")]
    [InlineData("99999999999TB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(RetentionText.TryParseSize(text, out _));
}
