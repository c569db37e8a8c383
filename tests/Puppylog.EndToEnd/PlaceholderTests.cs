namespace Puppylog.EndToEnd;

public sealed class PlaceholderTests
{
    [Fact]
    public void Program_exists() => Assert.NotNull(typeof(PlaceholderTests));
}
