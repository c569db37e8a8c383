using System.Text.RegularExpressions;
using Puppylog.Query.Filters.Text;

namespace Puppylog.Tests.Query.Filters.Text;

public sealed class RequiredLiteralTests
{
    [Theory]
    [InlineData("error", "error")]
    [InlineData("^error: \\d+ files", "error: ")]
    [InlineData("a.longer", "longer")]
    [InlineData("ab?cde", "cde")]
    [InlineData("abc?", "ab")]
    [InlineData("abc*d", "ab")]
    [InlineData("abc+d", "abc")]
    [InlineData("abc{0,3}", "ab")]
    [InlineData("ab{2}", "a")]
    [InlineData("a|b", "")]
    [InlineData("x(abc|def)yz", "yz")]
    [InlineData("(abc)?", "")]
    [InlineData("(a[)]b)cd", "cd")]
    [InlineData("[abc]d", "d")]
    [InlineData("[]abc]d", "d")]
    [InlineData("[^]abc]d", "d")]
    [InlineData("[a-z-[aeiou]]d", "")]
    [InlineData("/api/v1\\.0", "/api/v1.0")]
    [InlineData("a\\|b", "a|b")]
    [InlineData("\\x41bc", "")]
    [InlineData("\\p{L}bc", "")]
    [InlineData("(?i)abc", "")]
    [InlineData("(?x)a b", "")]
    [InlineData("(a(?i)b)cd", "")]
    [InlineData("(?:ab)cd", "cd")]
    [InlineData("(?P<n>ab)cd", "cd")]
    [InlineData("(?#x)cd", "")]
    [InlineData("a{b", "")]
    [InlineData("\uFFFDab", "")]
    [InlineData("a😀?b", "")]
    public void Longest_certain_text_of_an_expression_is_found(string pattern, string expected) =>
        Assert.Equal(expected, RequiredLiteral.Of(pattern));

    [Fact]
    public void Regular_expressions_ignore_case_no_further_than_lower_case_does()
    {
        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            var regex = new Regex($"(?i){letter}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            for (var c = '\0'; c < '\uffff'; c++)
            {
                Assert.True(!regex.IsMatch([c]) || char.ToLowerInvariant(c) == letter, $"{letter} matches {(int)c:x}");
            }
        }
    }
}
