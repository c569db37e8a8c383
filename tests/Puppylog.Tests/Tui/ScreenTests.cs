using System.Runtime.CompilerServices;
using Puppylog.Alerts;
using Puppylog.App.Tui;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;
using Puppylog.App.Watch;

namespace Puppylog.Tests.Tui;

/// <summary>
/// Whole screens against the pictures in <c>Screens/</c>. Where a view is changed on purpose, a run with
/// <c>PUPPYLOG_SCREENS=write</c> makes them anew; then look at the difference.
/// </summary>
public sealed class ScreenTests
{
    public static TheoryData<string, int, int, string> Pictures
    {
        get
        {
            var data = new TheoryData<string, int, int, string>();
            foreach (var (width, height) in (ReadOnlySpan<(int, int)>)[(80, 24), (200, 60), (40, 10)])
            {
                data.Add("overview", width, height, "1");
                data.Add("tail", width, height, "2");
                data.Add("tail-filter", width, height, "2 / s t a t u s : > = 4 0 0 Enter Up Up");
                data.Add("tail-mistake", width, height, "2 / s t a t u s : > = ( Enter");
                data.Add("tail-fields", width, height, "2 Up Enter");
                data.Add("streams", width, height, "3 > Down");
                data.Add("metrics", width, height, "4 Right");
                data.Add("alerts", width, height, "5");
                data.Add("alerts-history", width, height, "5 Down");
                data.Add("help", width, height, "?");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Screen_is_as_its_picture(string name, int width, int height, string keys)
    {
        var model = SampleDashboard.Create(width, height);
        Press(model, keys);
        AssertPicture($"{name}-{width}x{height}", model);
    }

    [Fact]
    public void Log_without_durations_leaves_no_hole()
    {
        AssertPicture("overview-plain-200x60", SampleDashboard.Create(200, 60, durations: false));
        AssertPicture("overview-plain-80x24", SampleDashboard.Create(80, 24, durations: false));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(29, 24)]
    [InlineData(80, 7)]
    public void Tiny_terminal_says_so(int width, int height)
    {
        var model = SampleDashboard.Create(width, height);
        Assert.StartsWith("too small"[..Math.Min(9, width - 1)], Text(model)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_was_read_yet()
    {
        var model = new DashboardModel(new WatchState(new WatchSettings("new.log", TrafficRule.Default, 10)));
        foreach (var view in Enum.GetValues<ViewKind>())
        {
            model.View = view;
            Assert.DoesNotContain(Text(model), line => line.Contains("1970", StringComparison.Ordinal) || line.Contains("00:00:0", StringComparison.Ordinal));
        }

        model.View = ViewKind.Overview;
        Assert.Contains(Text(model), line => line.Contains("no traffic", StringComparison.Ordinal));
        model.View = ViewKind.Metrics;
        Assert.Contains(Text(model), line => line.Contains("reading …", StringComparison.Ordinal));
        model.Metrics.Fail("the disk is \e[31mgone");
        Assert.Contains(Text(model), line => line.Contains("Cannot be read: the disk is \uFFFD[31mgone", StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_of_the_contract_are_whole_where_the_terminal_is_wide_enough()
    {
        var model = SampleDashboard.Create(90, 24);
        var message = model.Watch.History[^1].Message;
        Assert.Contains(Text(model), line => line.Contains(message, StringComparison.Ordinal));
        model.View = ViewKind.Alerts;
        Assert.Contains(Text(model), line => line.Contains(message, StringComparison.Ordinal));
    }

    internal static void Press(DashboardModel model, string keys)
    {
        var hands = new DashboardKeys(model, text => TailFilter.Parse(text, 0, null));
        foreach (var name in keys.Split(' '))
        {
            Assert.True(hands.Handle(Enum.TryParse<KeyKind>(name, out var kind) && !char.IsAsciiDigit(name[0]) ? new Key(kind) : Key.Of(name == "space" ? " " : name)));
        }
    }

    internal static string[] Text(DashboardModel model)
    {
        var canvas = Screen.Draw(model);
        return [.. Enumerable.Range(0, canvas.Height).Select(line => canvas.Text(line).TrimEnd())];
    }

    static void AssertPicture(string name, DashboardModel model, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Screens", name + ".txt");
        var shown = string.Join('\n', Text(model)) + "\n";
        if (Environment.GetEnvironmentVariable("PUPPYLOG_SCREENS") == "write")
        {
            File.WriteAllText(path, shown);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), shown);
    }
}
