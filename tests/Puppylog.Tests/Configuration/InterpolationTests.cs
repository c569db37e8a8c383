using FsCheck;
using FsCheck.Fluent;
using Puppylog.Configuration;

namespace Puppylog.Tests.Configuration;

public sealed class InterpolationTests
{
    [Theory]
    [InlineData("${A}", "1")]
    [InlineData("x${A}y${B:-2}z", "x1y2z")]
    [InlineData("${A:-2}", "1")]
    [InlineData("${EMPTY:-2}", "2")]
    [InlineData("${EMPTY}", "")]
    [InlineData("${B:-}", "")]
    [InlineData("${B:-a:-b}", "a:-b")]
    [InlineData("$$", "$")]
    [InlineData("$${A}", "${A}")]
    [InlineData("$$${A}", "$1")]
    [InlineData("$A $ a$", "$A $ a$")]
    [InlineData(@"^\d+$", @"^\d+$")]
    public void Variables_are_replaced(string text, string expected) => Assert.Equal((expected, null), Replace(text));

    [Theory]
    [InlineData("ab${C", 2)]
    [InlineData("ab${C}", 2)]
    [InlineData("ab${1}", 2)]
    [InlineData("ab${1:-2}", 2)]
    [InlineData("a$$${}", 3)]
    [InlineData("${A}${B-x}", 4)]
    public void What_cannot_be_replaced_is_told_with_its_place(string text, int expected) => Assert.Equal(expected, Replace(text).Mistake);

    [Fact]
    public void Any_text_comes_back_with_its_dollars_doubled() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => Replace(text.Get.Replace("$", "$$", StringComparison.Ordinal)) == (text.Get, null))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Values_are_taken_as_they_are() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<NonNull<string>>(), (value, around) =>
        {
            var text = around.Get.Replace("$", "", StringComparison.Ordinal);
            return Interpolation.Replace($"{text}${{V}}{text}", _ => value.Get, (_, _) => { }) == text + value.Get + text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_replaced_or_refused() =>
        Prop.ForAll(Arb.From(Gen.Elements("$", "{", "}", "A", ":-", ":", "x", "$$", "${").ListOf()), parts =>
        {
            Replace(string.Concat(parts));
        }).QuickCheckThrowOnFailure();

    static (string Text, int? Mistake) Replace(string text)
    {
        int? mistake = null;
        var replaced = Interpolation.Replace(text, name => name switch { "A" => "1", "EMPTY" => "", _ => null }, (at, _) => mistake = at);
        return (replaced, mistake);
    }
}
