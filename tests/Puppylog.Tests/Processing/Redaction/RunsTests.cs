using System.Text;
using Puppylog.Processing.Redaction;

namespace Puppylog.Tests.Processing.Redaction;

public sealed class RunsTests
{
    [Theory]
    [InlineData(false, 7)]
    [InlineData(false, 13)]
    [InlineData(true, 15)]
    public void Runs_are_those_that_a_loop_finds(bool withHex, int least)
    {
        var random = new Random(least);
        var runs = new Runs(withHex, '.', ':');
        for (var round = 0; round < 2000; round++)
        {
            var text = new byte[random.Next(400)];
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = random.Next(12) == 0 ? (byte)random.Next(256) : (byte)"0123456789.:afAF"[random.Next(16)];
            }

            var expected = new List<(int, int)>();
            var pattern = $"[0-9.:{(withHex ? "a-fA-F" : "")}]{{{least},}}";
            foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(Encoding.Latin1.GetString(text), pattern))
            {
                expected.Add((match.Index, match.Index + match.Length));
            }

            var found = new List<(int, int)>();
            for (var from = 0; runs.TryNext(text, from, least, out var start, out var end); from = end)
            {
                found.Add((start, end));
            }

            Assert.Equal(expected, found);
        }
    }
}
