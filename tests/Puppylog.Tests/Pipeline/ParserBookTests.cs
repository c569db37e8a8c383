using Puppylog.Pipeline;

namespace Puppylog.Tests.Pipeline;

public sealed class ParserBookTests
{
    [Theory]
    [InlineData("application", true)]
    [InlineData("json", true)]
    [InlineData("regex:(?<a>.)", true)]
    [InlineData("cri", false)]
    [InlineData("docker", false)]
    public void Sources_share_the_parsers_that_learn_nothing_from_one_of_them(string format, bool areShared)
    {
        var book = new ParserBook(LineParserLookup.Default);
        var first = book.Find(format, now: false, chain: null);
        Assert.Equal(areShared, ReferenceEquals(first, book.Find(format, now: false, chain: null)));
        Assert.NotSame(first, book.Find(format, now: true, chain: null));
    }
}
