using System.Text;
using Puppylog.Alerts;
using Puppylog.App.Tui;
using Puppylog.App.Watch;
using Puppylog.Metrics;
using Puppylog.Tests.Metrics;
using Spectre.Console;
using static Puppylog.Tests.Metrics.TrafficBatch;

namespace Puppylog.Tests.Tui;

public sealed class DashboardFrameTests
{
    /// <summary>2026-11-21T14:00:00Z.</summary>
    const long Noon = 1_795_269_600;

    static readonly string[] HostileNames =
    [
        "/[red]evil[/]", "/\e[31mred\e[0m\e[2J", "/日本語日本語日本語日本語日本語日本語日本語日本語", "/" + new string('x', 5000),
        "/\u202egnp\u200b\u0301\u0301", "/[[", "/]", "/👩‍👩‍👧 🇩🇪", "/tab\tnew\nline\r", "/\u009b31m", "/\u1112\u1161\u11ab", "/\ufdfd\u0bf5", "/{0}", "/\ud83d",
    ];

    [Fact]
    public void Frame_of_80_by_24()
    {
        var state = Busy(["/pages", "/api", "-"]);
        state.History.Add(new AlertTransition(true, Noon + 5, 1201, 120));
        Assert.Equal(
            """
            puppylog monitor  access.log                                2026-11-21T14:00:12Z
            ╭─Requests per second──────────────────────────────────────────────────────────╮
            │ now 2/s  average 0/s  threshold 10/s  peak 4/s                               │
            │                                                                          █   │
            │                                                                  ▄       █ ▄ │
            │                                                                  █       █ █ │
            ╰──────────────────────────────────────────────────────────────────────────────╯
            ╭─Sections, 14:00:00 to 14:00:10───────────╮╭─Traffic──────────────────────────╮
            │         3  50.0%  /pages                 ││ requests 6  0.6/s                │
            │         2  33.3%  /api                   ││ bytes    600 B                   │
            │         1  16.7%  -                      ││ clients  1                       │
            │                                          ││ 2xx 3xx  6  0                    │
            │                                          ││ 4xx 5xx  0  0                    │
            │                                          ││ errors   0.0% (5xx)              │
            │                                          ││       p95  slowest routes        │
            │                                          ││         3  -                     │
            │                                          ││         2  /api/x                │
            │                                          ││         1  /pages/x              │
            ╰──────────────────────────────────────────╯╰──────────────────────────────────╯
            ╭─Alerts───────────────────────────────────────────────────────────────────────╮
            │ ▲ high traffic  2026-11-21T14:00:05Z  10.01 hits/s                           │
            │                                                                              │
            ╰──────────────────────────────────────────────────────────────────────────────╯
            q quits · interval 10 s · window 120 s · 6 requests so far
            """.ReplaceLineEndings("\n"),
            string.Join('\n', Render(state, 80, 24).Select(line => line.TrimEnd())));
    }

    [Fact]
    public void Message_is_one_line_where_the_terminal_is_wide_enough()
    {
        var state = Busy(["/pages"]);
        var transition = new AlertTransition(true, Noon + 5, 1201, 120);
        state.History.Add(transition);
        Assert.Contains(Render(state, 120, 40), line => line.Contains(transition.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    [InlineData(60, 16)]
    [InlineData(59, 24)]
    [InlineData(300, 100)]
    [InlineData(20, 5)]
    [InlineData(1, 1)]
    public void No_line_is_wider_and_no_frame_higher_than_the_terminal_whatever_the_names(int width, int height)
    {
        for (var first = 0; first < HostileNames.Length; first++)
        {
            var state = Busy([.. HostileNames.Skip(first)]);
            state.History.AddRange(Enumerable.Repeat(new AlertTransition(true, Noon, 1_234_567_890_123, 120), 50));
            var lines = Render(state, width, height);
            Assert.Equal(height, lines.Length);
            Assert.All(lines, line => Assert.True(SafeText.Width(line) <= width, line));
            Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        }
    }

    [Fact]
    public void Names_are_never_read_as_markup_nor_as_escapes()
    {
        var lines = Render(Busy(["/[red]a[/]", "/\e[31mb"]), 120, 40);
        Assert.Contains(lines, line => line.Contains("[red]a[", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("/\uFFFD[31mb", StringComparison.Ordinal));
        var coloured = string.Concat(FrameRenderer.Render(new DashboardFrame(Busy(["/\e[31mb"]), 120, 40).Build(), 120, 40, colours: true));
        Assert.DoesNotContain("\e[31mb", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[", coloured, StringComparison.Ordinal);
    }

    [Fact]
    public void Widths_agree_with_those_of_the_library_that_lays_out()
    {
        var wrong = new StringBuilder();
        for (var value = 0x20; value < 0x20000; value++)
        {
            if (value is >= 0xD800 and < 0xE000)
            {
                continue;
            }

            var clean = SafeText.Clean(new Rune(value).ToString(), 10);
            var laidOut = ((IEnumerable<Spectre.Console.Rendering.Segment>)[new(clean)]).Sum(segment => segment.CellCount());
            if (SafeText.Width(clean) != laidOut)
            {
                wrong.Append(FormattableString.Invariant($"{value:X} "));
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    [Fact]
    public void Empty_state_is_drawn()
    {
        var state = new WatchState(new WatchSettings("new.log", TrafficRule.Default, 10));
        var lines = Render(state, 80, 24);
        Assert.Contains(lines, line => line.Contains("no traffic", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("none so far", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("1970", StringComparison.Ordinal) || line.Contains("00:00:0", StringComparison.Ordinal));
    }

    [Fact]
    public void Sparkline_scales_to_its_height()
    {
        Assert.Equal(["▁█▄ "], Sparkline.Draw([1, 100, 50, 0], 100, 1));
        Assert.Equal([" █  ", "▁██ "], Sparkline.Draw([1, 100, 50, 0], 100, 2));
        Assert.Equal(["  "], Sparkline.Draw([0, 0], 0, 1));
    }

    static WatchState Busy(string[] sections)
    {
        var state = new WatchState(new WatchSettings("access.log", TrafficRule.Default, 10)) { Now = Noon + 12, Requests = 6 };
        var window = new TrafficWindow(Noon);
        for (var i = 0; i < sections.Length; i++)
        {
            var hit = new Hit(sections[i] == "-" ? null : sections[i] + "/x", Duration: $"{i + 1}");
            window.Add(Of([.. Enumerable.Repeat(hit, sections.Length - i)]));
        }

        state.Last = window.Summarize(Noon + 10);
        state.Rates.Add(Noon, 2);
        state.Rates.Add(Noon + 8, 4);
        state.Rates.Add(Noon + 10, 2);
        state.Rates.Advance(Noon + 11);
        return state;
    }

    static string[] Render(WatchState state, int width, int height) =>
        FrameRenderer.Render(new DashboardFrame(state, width, height).Build(), width, height, colours: false);
}
