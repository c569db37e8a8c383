using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class TemplateBuilderTests
{
    const string Plain = "web-01 sshd[1002]: Failed password for admin from 1.2.3.4 port 22 (uid=5)";
    const string Quoted = "1.2.3.4 - [x] \"GET / HTTP/1.1\" 200";

    [Theory]
    [InlineData(Plain, false, SeparatorSet.Fields)]
    [InlineData(Plain, true, SeparatorSet.Fields + 1)]
    [InlineData(Quoted, false, SeparatorSet.Structure)]
    [InlineData(Quoted, true, SeparatorSet.Structure)]
    public void Lines_are_cut_into_fields_at_once_and_what_lies_within_them_is_not(string line, bool isWithin, int level)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 50)));
        ByteSpan[] values = [.. Enumerable.Range(0, 50).Select(i => new ByteSpan(i * line.Length, line.Length))];
        Assert.Equal(level, new TemplateBuilder().LevelFor(bytes, values, SeparatorSet.Structure, isWithin));
    }
}
