using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;

namespace Puppylog.Tests.Pipeline;

public sealed class JoinedLinesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_that_go_on_are_one_record_and_the_line_is_as_it_stood(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        File.WriteAllText(bench.PathOf("a.log"), "one\n  more\n  and more\r\ntwo\n  rest");
        var summary = await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["one\n  more\n  and more\r", "two\n  rest"], bench.Store.Texts);
        Assert.Equal((5, 2), (summary.Counters.Read, summary.Counters.Stored));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Last_record_waits_for_half_a_second_and_the_position_stays_before_it(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        File.WriteAllText(bench.PathOf("a.log"), "one\ntwo\n  rest\n");
        await bench.WatchAsync(bench.PathOf("a.log"));
        await bench.PollAsync();
        Assert.Equal(["one"], bench.Store.Texts);
        Assert.Equal(4, Assert.Single(bench.Store.Positions.Values).Offset);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await bench.PollAsync();
        Assert.Equal(["one", "two\n  rest"], bench.Store.Texts);
        Assert.Equal(15, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_that_waited_when_the_collector_stopped_is_read_again(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        File.WriteAllText(bench.PathOf("a.log"), "one\ntwo\n  rest\n");
        await bench.WatchAsync(bench.PathOf("a.log"));
        await bench.PollAsync();
        bench.Stop();
        bench.Options = bench.Options with { Watch = false };
        File.AppendAllText(bench.PathOf("a.log"), "  and more\nthree\n");
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["one", "two\n  rest\n  and more", "three"], bench.Store.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_goes_on_in_the_file_that_took_its_files_place(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        File.WriteAllText(bench.PathOf("a.log"), "one\ntwo\n  rest\n");
        bench.Options = bench.Options with { JoinWait = TimeSpan.FromSeconds(60) };
        await bench.WatchAsync(bench.PathOf("a.log"));
        await bench.PollAsync();
        File.Move(bench.PathOf("a.log"), bench.PathOf("a.log.1"));
        File.WriteAllText(bench.PathOf("a.log"), "  in the new file\nthree\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two\n  rest\n  in the new file"], bench.Store.Texts);
        Assert.Equal([15L, 18L], bench.Store.Positions.Values.Select(position => position.Offset).Order());
        bench.Stop();
        bench.Options = bench.Options with { Watch = false };
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["one", "two\n  rest\n  in the new file", "three"], bench.Store.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_fill_several_batches_and_each_is_stored_once(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        bench.Options = bench.Options with { BatchSize = 7 };
        var records = Enumerable.Range(0, 1000).Select(i => $"record {i}" + (i % 3 == 0 ? "\n  with more" : "")).ToList();
        File.WriteAllText(bench.PathOf("a.log"), string.Join('\n', records) + "\n");
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(records, bench.Store.Texts);
        Assert.True(bench.Store.Commits >= 1000 / 7, $"{bench.Store.Commits} commits");
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(1000, bench.Store.Lines.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_longer_than_the_longest_line_is_ended_and_goes_on_as_another(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        bench.Options = bench.Options with { MaxLine = 20 };
        File.WriteAllText(bench.PathOf("a.log"), "one\n  1234567890\n  1234567890\n  a line that is too long itself\nend\n");
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["one\n  1234567890", "  1234567890", "  a line that is too", "end"], bench.Store.Texts);
        Assert.Equal("12", bench.Store.Lines[2].Fields["cut_bytes"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_are_records_where_joining_is_off(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        bench.Options = bench.Options with { Join = JoinRule.Off };
        File.WriteAllText(bench.PathOf("a.log"), "one\n  more\n");
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["one", "  more"], bench.Store.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_of_few_lines_stay_whole_where_the_longest_line_is_shorter_than_what_is_read_at_once(bool interleaved)
    {
        await using var bench = new CollectBench { Parsers = ParsersOf(interleaved) };
        bench.Options = bench.Options with { MaxLine = 40 };
        var records = Enumerable.Range(0, 100).Select(i => $"record {i}\n  with more\n  and more").ToList();
        File.WriteAllText(bench.PathOf("a.log"), string.Join('\n', records) + "\n");
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(records, bench.Store.Texts);
    }

    static LineParserLookup ParsersOf(bool interleaved) => interleaved ? IndentParser.Interleaved : IndentParser.Lookup;
}
