using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Tests.Pipeline;

public sealed class ProcessedLinesTests
{
    [Fact]
    public async Task Every_line_is_accounted_for_and_the_position_lies_behind_dropped_ones()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "@1 keep\n@1 drop\n!bad\n@1 drop\n");
        bench.Options = bench.Options with { Processors = [new FilterOptions("drop", Keeps: false)] };
        var summary = await bench.RunAsync(log);
        Assert.Equal(["@1 keep"], bench.Store.Texts);
        AssertWhole(summary.Counters, read: 4, stored: 1, invalid: 1, dropped: 2);
        Assert.Equal(2, summary.Counters.DroppedFor(DropReason.Filter));
        Assert.Equal(29, Assert.Single(bench.Store.Positions.Values).Offset);
        summary = await bench.RunAsync(log);
        AssertWhole(summary.Counters, read: 0, stored: 0, invalid: 0, dropped: 0);
    }

    [Fact]
    public async Task Position_moves_where_everything_is_dropped()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "one\ntwo\n");
        bench.Options = bench.Options with { Processors = [new FilterOptions("*", Keeps: false)] };
        var summary = await bench.RunAsync(bench.PathOf("a.log"));
        AssertWhole(summary.Counters, read: 2, stored: 0, invalid: 0, dropped: 2);
        Assert.Equal(8, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Fact]
    public async Task Joined_lines_are_accounted_for()
    {
        await using var bench = new CollectBench { Parsers = IndentParser.Lookup };
        File.WriteAllText(bench.PathOf("a.log"), "one\n  bob@example.com\ndrop\n  two\n  three\nlast\n");
        bench.Options = bench.Options with { Processors = [new RedactOptions { Detectors = ["email"] }, new FilterOptions("drop", Keeps: false)] };
        var summary = await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["one\n  ***", "last"], bench.Store.Texts);
        AssertWhole(summary.Counters, read: 6, stored: 2, invalid: 0, dropped: 1);
        Assert.Equal((3, 1), (summary.Counters.Joined, summary.Counters.Redacted));
    }

    [Theory]
    [InlineData("Report")]
    [InlineData("Keep")]
    public async Task Invalid_lines_are_redacted_as_well(string how)
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "a bob@example.com\n!b bob@example.com\nc\n");
        bench.Options = bench.Options with { Processors = [new RedactOptions { Detectors = ["email"] }], Invalid = Enum.Parse<InvalidLines>(how) };
        var summary = await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["!b ***", "a ***", "c"], bench.Store.Texts.Concat(bench.Report.InvalidLines.Select(line => line.Split(": ")[^1])).Order(StringComparer.Ordinal));
        Assert.Equal((3, 2), (summary.Counters.Read, summary.Counters.Redacted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task Redacted_lines_keep_their_places_whatever_the_size_of_a_batch(int size)
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        var lines = Enumerable.Range(0, 50).Select(i => i % 3 == 0 ? $"{i} someone.with.a.long.name{i}@example.com" : $"{i}").ToList();
        File.WriteAllText(log, string.Join('\n', lines));
        bench.Options = bench.Options with { BatchSize = size, Processors = [new RedactOptions { Detectors = ["email"] }] };
        var summary = await bench.RunAsync(log);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i % 3 == 0 ? $"{i} ***" : $"{i}"), bench.Store.Texts);
        Assert.Equal((50, 17), (summary.Counters.Read, summary.Counters.Redacted));
        Assert.Equal(new FileInfo(log).Length, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Fact]
    public async Task Long_line_is_redacted_before_it_is_cut()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), $"bob@example.com {new string('x', 100)}\nnext\n");
        bench.Options = bench.Options with { MaxLine = 40, Processors = [new RedactOptions { Detectors = ["email"] }] };
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal([$"*** {new string('x', 36)}", "next"], bench.Store.Texts);
        Assert.Equal("64", bench.Store.Lines[0].Fields["cut_bytes"]);
    }

    [Fact]
    public async Task Sources_are_told_what_was_dropped_of_theirs()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "keep\ndrop\ndrop\n");
        File.WriteAllText(bench.PathOf("b.log"), "drop\nkeep\n!bad\n");
        bench.Options = bench.Options with { Workers = 1, Processors = [new FilterOptions("drop", Keeps: false)], Invalid = InvalidLines.Keep };
        var (a, b) = (bench.PathOf("a.log"), bench.PathOf("b.log"));
        await bench.WatchAsync(a, b);
        await bench.PollAsync();
        var feeds = bench.Feeds.ToDictionary(feed => feed.Source.Name, feed => feed.Counters);
        Assert.Equal((3, 1, 2), (feeds[a].Lines, feeds[a].Records, feeds[a].Dropped));
        Assert.Equal((3, 2, 1, 1), (feeds[b].Lines, feeds[b].Records, feeds[b].Dropped, feeds[b].Kept));
    }

    [Fact]
    public void Batches_of_different_chains_do_not_mix()
    {
        var clock = new PlayedClock();
        var (first, second) = (new ProcessorChain([new AddOptions("team", "a")], clock), new ProcessorChain([new FilterOptions("*", Keeps: false)], clock));
        var pending = new PendingCommit(new BatchPool(), 10);
        var shape = RecordShape.Plain;
        var batches = new[] { pending.Batch(shape, null), pending.Batch(shape, first), pending.Batch(shape, second) };
        Assert.Equal(3, batches.Distinct().Count());
        Assert.Same(batches[1], pending.Batch(shape, first));
        foreach (var batch in batches)
        {
            var line = batch.Append("x"u8);
            batch.Add(0, line, line, 0);
        }

        var counters = new CollectCounters();
        pending.Process(counters);
        Assert.Equal([1, 1, 0], batches.Select(batch => batch.Count));
        Assert.Equal([false, true], batches[..2].Select(batch => batch.FindColumn("team") is not null));
        Assert.Equal(1, counters.Dropped);
        Assert.Equal(2, pending.ToRequest([]).Batches.Count);
    }

    static void AssertWhole(CollectCounters counters, long read, long stored, long invalid, long dropped)
    {
        Assert.Equal((read, stored, invalid, dropped), (counters.Read, counters.Stored, counters.Invalid, counters.Dropped));
        Assert.Equal(read, counters.Stored + counters.Invalid + counters.Dropped + counters.Joined);
    }
}
