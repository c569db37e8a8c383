using System.Text;
using Puppylog.Alerts;
using Puppylog.App.Cli;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.Tests.Watch;

public sealed class TrafficTextTests
{
    static readonly TrafficSummary Summary = new()
    {
        Start = 1_795_269_600,
        End = 1_795_269_610,
        Requests = 1234,
        Invalid = 2,
        Late = 1,
        Bytes = 4_549_999,
        Clients = 42,
        MoreClients = false,
        StatusClasses = [0, 1200, 20, 4, 10],
        Sections = [new("/pages", 1000), new("/\e[31m[red]\u202e\r\n", 230), new("-", 4)],
        SlowestRoutes = [new("/pages/create", 12, 0.51239, 1.5, 2)],
    };

    [Fact]
    public void Block_of_an_interval() => Assert.Equal(
        """
        2026-11-21T14:00:00Z .. 2026-11-21T14:00:10Z  1,234 requests, 123.4/s, 4.5 MB, 42 clients; 2 lines do not match the format; 1 line too late for an earlier interval
          status  2xx 1,200  3xx 20  4xx 4  5xx 10  error rate 0.8%
                hits   share  section
               1,000   81.0%  /pages
                 230   18.6%  /�[31m[red]���
                   4    0.3%  -
                mean       p95       max  requests  slowest routes
               0.512       1.5         2        12  /pages/create


        """.ReplaceLineEndings("\n"),
        TrafficText.Block(Summary));

    [Fact]
    public void Block_of_an_interval_without_traffic_is_one_line() => Assert.Equal(
        "2026-11-21T14:00:00Z .. 2026-11-21T14:00:10Z  no traffic\n",
        TrafficText.Block(new TrafficWindow(1_795_269_600).Summarize(1_795_269_610)));

    [Fact]
    public void Alert_message_is_a_line_of_its_own()
    {
        using var bytes = new MemoryStream();
        var display = new TextDisplay(new LineOutput(bytes), TextWriter.Null);
        display.Alert(new AlertTransition(true, 1_795_269_605, 1201, 120));
        display.Silence(1_795_269_610, 1_795_269_650, 4);
        display.Alert(new AlertTransition(false, 1_795_269_726, 0, 120));
        display.Unplaced(1, 0);
        Assert.Equal(
            """
            High traffic generated an alert - hits = 10.01, triggered at 2026-11-21T14:00:05Z
            2026-11-21T14:00:10Z .. 2026-11-21T14:00:50Z  no traffic (4 intervals)
            High traffic alert recovered - hits = 0, recovered at 2026-11-21T14:02:06Z
            1 line does not match the format

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Fact]
    public void Json_is_one_object_a_line()
    {
        using var bytes = new MemoryStream();
        var display = new JsonDisplay(new LineOutput(bytes), TextWriter.Null);
        display.Interval(Summary with { Sections = [new("/pages", 1000)], SlowestRoutes = [] });
        display.Alert(new AlertTransition(true, 1_795_269_605, 1201, 120));
        Assert.Equal(
            """
            {"start":"2026-11-21T14:00:00Z","end":"2026-11-21T14:00:10Z","requests":1234,"requests_per_second":123.4,"bytes":4549999,"clients":42,"status":{"1xx":0,"2xx":1200,"3xx":20,"4xx":4,"5xx":10},"error_rate":0.008104,"invalid":2,"late":1,"sections":[{"section":"/pages","hits":1000}],"slowest_routes":[]}
            {"alert":"triggered","hits":10.01,"time":"2026-11-21T14:00:05Z","message":"High traffic generated an alert - hits = 10.01, triggered at 2026-11-21T14:00:05Z"}

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Bytes_have_decimal_units(long bytes, string expected) => Assert.Equal(expected, TrafficText.Bytes(bytes));

    [Theory]
    [InlineData("plain", 10, "plain")]
    [InlineData("exactlyten", 10, "exactlyten")]
    [InlineData("elevenchars", 10, "elevencha…")]
    [InlineData("日本語", 6, "日本語")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("a\tb\u0000c\u009bd", 10, "a�b�c�d")]
    [InlineData("e\u0301\u200b", 10, "e��")]
    [InlineData("𝐀🐶", 10, "�🐶")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", 1, "…")]
    public void Text_from_outside_is_cleaned_and_cut(string text, int columns, string expected) =>
        Assert.Equal(expected, SafeText.Clean(text, columns));

    [Fact]
    public void Random_text_never_exceeds_its_columns()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x180 : 0x10000)));
            var columns = random.Next(12);
            var clean = SafeText.Clean(text, columns);
            Assert.True(SafeText.Width(clean) <= columns, clean);
            Assert.DoesNotContain(clean, char.IsControl);
        }
    }
}
