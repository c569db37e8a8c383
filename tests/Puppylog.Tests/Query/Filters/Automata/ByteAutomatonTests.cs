using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query.Filters.Automata;
using Puppylog.Query.Filters.Text;

namespace Puppylog.Tests.Query.Filters.Automata;

public sealed class ByteAutomatonTests
{
    const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;

    [Fact]
    public void Answers_are_those_of_the_framework()
    {
        var (run, decided, matched, texts) = (0, 0, 0, 0);
        ForAllSeeds(2500, random =>
        {
            var pattern = RandomPattern.Next(random, 3);
            if (ByteAutomaton.Of(pattern) is not { } automaton)
            {
                return;
            }

            run++;
            var regex = new Regex(pattern, Options);
            for (var i = 0; i < 30; i++)
            {
                var text = RandomPattern.Text(random);
                var expected = regex.IsMatch(Encoding.UTF8.GetString(text));
                var found = automaton.Match(text);
                texts++;
                decided += found == ByteAutomaton.Undecided ? 0 : 1;
                matched += found == ByteAutomaton.Accepted ? 1 : 0;
                Assert.True(found == ByteAutomaton.Undecided || expected == (found == ByteAutomaton.Accepted), $"{pattern} on {Convert.ToHexString(text)}: {found}");
            }
        });
        Assert.True(run > 1000, $"{run} patterns were run here");
        Assert.True(decided > texts / 2 && matched > texts / 10, $"of {texts} texts {decided} were decided, {matched} matched");
    }

    [Theory]
    [InlineData("cart/[0-9]+/items", "GET /cart/12/items HTTP", true)]
    [InlineData("cart/[0-9]+/items", "GET /cart/12x/items HTTP", false)]
    [InlineData("v=2.0.1[0-9] HTTP", "cart/v=2.v=2.0.14 HTTP/2.0", true)]
    [InlineData("GET /api/v[12].*limit=(10|20)", "x GET /api/v1/a?limit=30&limit=20", true)]
    [InlineData("(?i)café", "CAFÉ", null)]
    [InlineData("caf.", "un café", true)]
    [InlineData("^.{3}$", "é☃a", true)]
    [InlineData("^.{3}$", "é☃ab", false)]
    [InlineData("^.{2}$", "😀", null)]
    [InlineData("b$", "ab\n", true)]
    [InlineData("b$", "ab\n\n", false)]
    [InlineData("b\\z", "ab\n", false)]
    [InlineData("\\bfoo\\b", "a foo.", true)]
    [InlineData("\\bfoo\\b", "a foo_", false)]
    [InlineData("\\bfoo\\b", "é foo☃ food", null)]
    [InlineData("\\bfoo\\b", "é food", false)]
    [InlineData("a*", "", true)]
    [InlineData("[^a]", "aaa", false)]
    [InlineData("", "x", true)]
    [InlineData("foo.*bar", "Ünïcode foo, ☃ and bar", true)]
    [InlineData("foo", "\u0080 é 😀 foo", true)]
    public void Text_is_answered(string pattern, string text, bool? expected) =>
        Assert.Equal(
            expected switch { true => ByteAutomaton.Accepted, false => ByteAutomaton.Rejected, _ => ByteAutomaton.Undecided },
            ByteAutomaton.Of(pattern)?.Match(Encoding.UTF8.GetBytes(text)) ?? ByteAutomaton.Undecided);

    [Theory]
    [InlineData("(a{1000}){1000}")]
    [InlineData("((((a{30}){30}){30}){30}){30}")]
    [InlineData("(){1000000000}")]
    [InlineData("((){1000}){1000}")]
    [InlineData("a{2147483647}")]
    [InlineData("[à-я]{3000}")]
    public void Program_that_would_be_too_long_is_left_to_the_framework(string pattern) => Assert.Null(ByteAutomaton.Of(pattern));

    [Theory]
    [InlineData("(?=a)b")]
    [InlineData("(?<=a)b")]
    [InlineData("(a)\\1")]
    [InlineData("a{,3}")]
    [InlineData("(a*|b)+c")]
    [InlineData("a{x")]
    [InlineData("[a-z-[aeiou]]")]
    [InlineData("(?x)a b")]
    [InlineData("(?m)^a")]
    [InlineData("\\p{IsGreek}")]
    [InlineData("a$\\n")]
    [InlineData("😀?")]
    [InlineData("(?i)é")]
    [InlineData("\\cA")]
    [InlineData("\\011")]
    public void What_is_not_plain_is_left_to_the_framework(string pattern) => Assert.Null(ByteAutomaton.Of(pattern));

    [Theory]
    [InlineData("[ab]*a[ab]{20}c")]
    [InlineData("(x+x+)+y")]
    [InlineData("(.*a){12}b")]
    [InlineData("(\\w*1){30}$")]
    [InlineData("(ab?){400}x")]
    public void States_are_bounded_and_past_the_bound_nothing_is_decided(string pattern)
    {
        var automaton = ByteAutomaton.Of(pattern);
        Assert.NotNull(automaton);
        var regex = new Regex(pattern, Options);
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var text = Encoding.ASCII.GetBytes([.. Enumerable.Range(0, 1000).Select(_ => "abxy1"[random.Next(i % 4 + 2)])]);
            var found = automaton.Match(text);
            Assert.InRange(automaton.StateCount, 1, StateTable.MaxStates);
            Assert.True(found == ByteAutomaton.Undecided || regex.IsMatch(Encoding.ASCII.GetString(text)) == (found == ByteAutomaton.Accepted), $"{i}: {found}");
        }
    }

    [Fact]
    public void Texts_in_pieces_lead_to_the_answer_for_the_whole() => ForAllSeeds(1500, random =>
    {
        if (ByteAutomaton.Of(RandomPattern.Next(random, 2)) is not { } automaton)
        {
            return;
        }

        for (var i = 0; i < 10; i++)
        {
            var text = RandomPattern.Text(random);
            var cut = random.Next(text.Length + 1);
            var pieces = automaton.Finish(automaton.Run(automaton.Run(automaton.Start, text.AsSpan(0, cut)), text.AsSpan(cut)));
            var whole = automaton.Match(text);
            Assert.True(pieces == whole || pieces == ByteAutomaton.Undecided || whole == ByteAutomaton.Undecided);
        }
    });

    [Fact]
    public void Texts_are_found_where_a_probe_finds_them() => ForAllSeeds(3000, random =>
    {
        var probe = new TextProbe(OracleFilter.Value(random), random.Next(2) == 0, random.Next(2) == 0, random.Next(4) == 0);
        if (ByteAutomaton.Of(probe) is not { } automaton)
        {
            Assert.True(probe.Needle.IsEmpty || (probe.IgnoreCase && probe.Needle.ContainsAnyInRange((byte)0x80, (byte)0xFF)));
            return;
        }

        for (var i = 0; i < 20; i++)
        {
            var text = random.Next(3) == 0 ? RandomPattern.Text(random) : Encoding.UTF8.GetBytes(OracleFilter.Value(random) + OracleFilter.Value(random));
            var found = automaton.Match(text);
            Assert.True(found == ByteAutomaton.Undecided || probe.IsIn(text) == (found == ByteAutomaton.Accepted), $"{Convert.ToHexString(probe.Needle)} in {Convert.ToHexString(text)}: {found}");
        }
    });

    [Fact]
    public void Letters_have_no_other_cases_than_here_and_in_the_framework()
    {
        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            var set = CharacterSet.Of(letter).IgnoringCase();
            var regex = new Regex($"(?i){letter}", Options);
            for (var c = 0; c <= CharacterSet.Last; c++)
            {
                Assert.True(regex.IsMatch([(char)c]) == set.Contains(c), $"{letter} and {c:x}");
            }
        }
    }

    [Fact]
    public void Threads_may_share_an_automaton()
    {
        var automaton = ByteAutomaton.Of("[ab]*a[ab]{9}c|k[0-9]+/")!;
        var regex = new Regex("[ab]*a[ab]{9}c|k[0-9]+/", Options);
        Parallel.For(0, 8, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 200; i++)
            {
                var text = string.Concat(Enumerable.Range(0, 60).Select(_ => "abbbac"[random.Next(6)]));
                Assert.Equal(regex.IsMatch(text), automaton.Match(Encoding.ASCII.GetBytes(text)) == ByteAutomaton.Accepted);
            }
        });
    }

    static void ForAllSeeds(int count, Action<Random> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            check(new Random(seed));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
