using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class TemplateMatcherTests
{
    /// <summary>Text is compared eight bytes at a time, and differently at the end of all bytes.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" and what else lies behind it")]
    public void Value_follows_a_template_only_where_each_byte_of_its_text_is_there(string behind)
    {
        const string Variable = "v1";
        for (var length = 1; length <= 40; length++)
        {
            var text = new string([.. Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26)))]);
            var matcher = new TemplateMatcher([new([Encoding.UTF8.GetBytes(text), null], " "u8.ToArray())], SeparatorSet.Get(SeparatorSet.Fields));
            var bytes = Encoding.UTF8.GetBytes("x" + text + " " + Variable + behind);
            var value = new ByteSpan(1, length + 1 + Variable.Length);
            Assert.Equal(0, matcher.Match(bytes, value, out var count));
            Assert.Equal([new ByteSpan(value.End - Variable.Length, Variable.Length)], matcher.Variables(count).ToArray());
            for (var at = value.Offset; at <= value.Offset + length; at++)
            {
                var other = bytes.ToArray();
                other[at] ^= 1;
                Assert.Equal((at, -1), (at, matcher.Match(other, value, out _)));
            }
        }
    }
}
