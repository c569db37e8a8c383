using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;
using Puppylog.App.Watch;
using Puppylog.Records;
using Puppylog.Tests.Metrics;
using static Puppylog.Tests.Metrics.TrafficBatch;

namespace Puppylog.Tests.Tui.Tail;

public sealed class TailModelTests
{
    readonly TailModel _tail = new(8);
    readonly TailIntake _intake;

    public TailModelTests() => _intake = new(_tail, new Lock(), new Nowhere());

    [Fact]
    public void Copy_of_a_record_has_its_fields()
    {
        Come(new Hit("/a/b?c", "10.0.0.7", "404", "12", null, 5));
        var record = _tail[0];
        Assert.Equal(5 * Timestamps.Second, record.Time);
        Assert.Equal("404", record.Find("status"));
        Assert.Equal("/a", record.Find("section"));
        Assert.Equal("", record.Find("duration"));
        Assert.Equal("", record.Find("nothing"));
        Assert.Equal(["_msg=line", "route=/a/b?c", "host=10.0.0.7", "status=404", "bytes=12", "path=/a/b", "section=/a"], record.Fields.Select(field => $"{field.Name}={field.Value}"));
    }

    [Fact]
    public void Filter_selects_what_comes_and_what_is_still_known()
    {
        Come(Numbered(1, 2, 3));
        Filter("route:\"/2\"");
        Assert.Equal(["/2"], Shown());
        Come(Numbered(2, 4));
        Assert.Equal(["/2", "/2"], Shown());
        Assert.Equal((1, 2, 5), (_tail.Matched, _tail.SeenSince, _tail.Seen));
        Filter("");
        Assert.Equal(["/1", "/2", "/3", "/2", "/4"], Shown());
    }

    [Fact]
    public void Newest_records_are_kept()
    {
        Come(Numbered([.. Enumerable.Range(0, 20)]));
        Assert.Equal(["/12", "/13", "/14", "/15", "/16", "/17", "/18", "/19"], Shown());
        Assert.Equal(20, _tail.Seen);
    }

    [Fact]
    public void Paused_tail_stands_still_and_counts_what_is_newer()
    {
        Come(Numbered(1, 2, 3));
        _tail.Pause();
        Come(Numbered([.. Enumerable.Range(10, 20)]));
        Assert.Equal(["/1", "/2", "/3"], Shown());
        Assert.Equal(20, _tail.Newer);
        _tail.Follow();
        Assert.Equal("/29", Shown()[^1]);
    }

    [Fact]
    public void Going_up_pauses_and_going_down_behind_the_newest_follows()
    {
        Come(Numbered(1, 2, 3, 4, 5));
        _tail.Scroll(new(KeyKind.Down), 2);
        Assert.False(_tail.IsPaused);
        _tail.Scroll(new(KeyKind.Up), 2);
        Assert.True(_tail.IsPaused);
        Assert.Equal((3, 3), (_tail.Selected, _tail.FirstShown(2)));
        _tail.Scroll(new(KeyKind.Up), 2);
        Assert.Equal((2, 2), (_tail.Selected, _tail.FirstShown(2)));
        _tail.Scroll(new(KeyKind.Home), 2);
        Assert.Equal((0, 0), (_tail.Selected, _tail.FirstShown(2)));
        _tail.Scroll(new(KeyKind.PageDown), 2);
        Assert.Equal((2, 1), (_tail.Selected, _tail.FirstShown(2)));
        _tail.Scroll(new(KeyKind.End), 2);
        Assert.False(_tail.IsPaused);
    }

    [Fact]
    public void History_of_the_store_and_what_came_since_join_without_gap_or_double()
    {
        _intake.Commit(7);
        Come(Numbered(1));
        _intake.Commit(8);
        Come(Numbered(2));
        Come(Numbered(3));
        // The store answers with commits up to 8, of which this monitor saw some itself.
        var version = _tail.Version;
        _intake.Commit(9);
        Come(Numbered(4));
        _tail.TakeHistory(version, Records(Numbered(0, 1, 2, 3)), 8);
        Assert.Equal(["/0", "/1", "/2", "/3", "/4"], Shown());
        _intake.Commit(10);
        Come(Numbered(5));
        Assert.Equal("/5", Shown()[^1]);
    }

    [Fact]
    public void History_for_a_filter_that_is_none_any_more_is_left()
    {
        var version = _tail.Version;
        Filter("route:\"/9\"");
        _tail.TakeHistory(version, Records(Numbered(1)), 5);
        Assert.Empty(Shown());
    }

    [Fact]
    public void Errors_are_kept_beside()
    {
        Come(new Hit("/ok"), new Hit("/bad", Status: "503"), new Hit("/missing", Status: "404"));
        Assert.Equal(["/bad"], _tail.Errors.ToArray().Select(record => record.Find("route")));
    }

    [Fact]
    public void Buffer_is_bounded_in_bytes_too()
    {
        var buffer = new TailBuffer(1000, 1000);
        foreach (var record in Records(Numbered([.. Enumerable.Range(0, 100)])))
        {
            buffer.Add(record);
        }

        Assert.InRange(buffer.Count, 3, 8);
        Assert.Equal("/99", buffer[buffer.Count - 1].Find("route"));
    }

    static Hit[] Numbered(params int[] numbers) => [.. numbers.Select(number => new Hit($"/{number}"))];

    static TailRecord[] Records(Hit[] hits)
    {
        var view = Of(hits);
        return [.. hits.Select((_, row) => TailRecord.Copy(view, row, TailRecord.Names(view), []))];
    }

    void Come(params Hit[] hits) => _intake.Take(Of(hits), 0);

    void Filter(string text) => _tail.SetFilter(TailFilter.Parse(text, 0, null));

    string[] Shown() => [.. Enumerable.Range(0, _tail.Count).Select(i => _tail[i].Find("route"))];

    sealed class Nowhere : ITrafficSink
    {
        public void Take(RecordView records, long invalid)
        {
        }
    }
}
