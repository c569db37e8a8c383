using Puppylog.App.Tui;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;

namespace Puppylog.Tests.Tui;

public sealed class DashboardKeysTests
{
    readonly DashboardModel _model = SampleDashboard.Create(80, 24);

    [Theory]
    [InlineData("2", "Tail")]
    [InlineData("m", "Metrics")]
    [InlineData("Tab Tab", "Streams")]
    [InlineData("BackTab", "Alerts")]
    [InlineData("Tab Tab Tab Tab Tab", "Overview")]
    [InlineData("5 1", "Overview")]
    [InlineData("? 3", "Streams")]
    [InlineData("2 / 3 4 Escape", "Tail")]
    public void Views_are_switched(string keys, string view)
    {
        ScreenTests.Press(_model, keys);
        Assert.Equal(view, _model.View.ToString());
    }

    [Theory]
    [InlineData("q")]
    [InlineData("Q")]
    public void Q_leaves_but_not_while_a_filter_is_written(string key)
    {
        Assert.False(Hands().Handle(Key.Of(key)));
        ScreenTests.Press(_model, $"2 / {key}");
        Assert.Equal(key, _model.Tail.Editor!.Text);
        Assert.False(Hands().Handle(Key.Control('c')));
    }

    [Fact]
    public void Filter_is_edited_in_place_and_mistakes_are_shown_under_it()
    {
        ScreenTests.Press(_model, "2 / s t a t u s : > = (");
        Assert.Contains(ScreenTests.Text(_model), line => line.TrimEnd() == "                  ^");
        Assert.NotNull(_model.Tail.Mistake);
        ScreenTests.Press(_model, "Enter");
        Assert.NotNull(_model.Tail.Editor);
        Assert.True(_model.Tail.Filter.TakesAll);
        ScreenTests.Press(_model, "Backspace 5 0 0 Enter");
        Assert.Null(_model.Tail.Editor);
        Assert.Null(_model.Tail.Mistake);
        Assert.Equal("status:>=500", _model.Tail.Filter.Text);
        Assert.All(Enumerable.Range(0, _model.Tail.Count), i => Assert.Equal("500", _model.Tail[i].Find("status")));
        ScreenTests.Press(_model, "/ x Escape");
        Assert.Equal("status:>=500", _model.Tail.Filter.Text);
        ScreenTests.Press(_model, "Escape");
        Assert.True(_model.Tail.Filter.TakesAll);
    }

    [Fact]
    public void Pipes_are_a_mistake_too()
    {
        ScreenTests.Press(_model, "2 / a | f i e l d s space b");
        Assert.Contains(ScreenTests.Text(_model), line => line.Contains("a filter without pipes", StringComparison.Ordinal));
    }

    [Fact]
    public void Escape_closes_one_thing_after_the_other()
    {
        ScreenTests.Press(_model, "2 / s t a t u s : 2 0 0 Enter Up Enter");
        Assert.True(_model.Tail is { IsOpen: true, IsPaused: true });
        ScreenTests.Press(_model, "Escape");
        Assert.True(_model.Tail is { IsOpen: false, IsPaused: true });
        ScreenTests.Press(_model, "Escape");
        Assert.True(_model.Tail is { IsPaused: false, Filter.TakesAll: false });
        ScreenTests.Press(_model, "Escape");
        Assert.True(_model.Tail.Filter.TakesAll);
    }

    [Fact]
    public void Lists_are_walked_and_ordered()
    {
        ScreenTests.Press(_model, "3 Down Down PageDown");
        Assert.Equal(3, _model.StreamPlace.Selected);
        ScreenTests.Press(_model, "Home >");
        Assert.Equal((0, StreamOrder.Rate), (_model.StreamPlace.Selected, _model.StreamOrder));
        ScreenTests.Press(_model, "< <");
        Assert.Equal(StreamOrder.Name, _model.StreamOrder);
        ScreenTests.Press(_model, "4 Right Right Right");
        Assert.Equal(2, _model.SegmentPlace.Selected);
        ScreenTests.Press(_model, "Down");
        Assert.Equal(("p95", 0), (_model.Metric, _model.SegmentPlace.Selected));
        ScreenTests.Press(_model, "5 Down");
        Assert.Equal(1, _model.AlertPlace.Selected);
        ScreenTests.Press(_model, "1 z");
        Assert.Equal(5, _model.Zoom);
    }

    [Theory]
    [InlineData(3, 23, "Overview")]
    [InlineData(15, 23, "Tail")]
    [InlineData(52, 23, "Alerts")]
    [InlineData(15, 22, "Overview")]
    [InlineData(79, 23, "Overview")]
    public void Click_on_a_tab_chooses_its_view(int column, int line, string view)
    {
        Hands().Handle(new(KeyKind.Click, "", column, line));
        Assert.Equal(view, _model.View.ToString());
    }

    DashboardKeys Hands() => new(_model, text => TailFilter.Parse(text, 0, null));
}
