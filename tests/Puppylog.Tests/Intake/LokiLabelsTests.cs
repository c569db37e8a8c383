using System.Text;
using Puppylog.Intake;

namespace Puppylog.Tests.Intake;

public sealed class LokiLabelsTests
{
    [Theory]
    [InlineData("""{app="web"}""", "app=web")]
    [InlineData("""{app="web", host="a\"b\\c\n"}""", "app=web;host=a\"b\\c\n")]
    [InlineData("""{ app = "web" , x="\x41\u00e9\U0001F600" }""", "app=web;x=Aé😀")]
    [InlineData("""{a="1,2}", b=""}""", "a=1,2};b=")]
    [InlineData("{}", "")]
    [InlineData("", "")]
    public void Labels_are_read(string text, string expected)
    {
        List<string> got = [];
        Assert.Null(LokiLabels.Read(Encoding.UTF8.GetBytes(text), (name, value) => got.Add($"{Encoding.UTF8.GetString(name)}={Encoding.UTF8.GetString(value)}")));
        Assert.Equal(expected, string.Join(';', got));
    }

    [Theory]
    [InlineData("app=\"web\"")]
    [InlineData("{app}")]
    [InlineData("{app=web}")]
    [InlineData("{app=\"web}")]
    [InlineData("{app=\"web\" b=\"c\"}")]
    [InlineData("{=\"web\"}")]
    [InlineData("""{a="\q"}""")]
    [InlineData("""{a="\u00"}""")]
    public void What_are_no_labels_is_told(string text) =>
        Assert.NotNull(LokiLabels.Read(Encoding.UTF8.GetBytes(text), (_, _) => { }));
}
