using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Filters.Times;
using Puppylog.Records;

namespace Puppylog.Tests.Query.Execution;

public sealed class QueryExecutorTests
{
    [Fact]
    public void Answers_equal_those_of_a_plain_evaluation_however_the_records_are_cut_into_blocks() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var blocks = Cut(random, [.. Enumerable.Range(0, random.Next(0, 120)).Select(_ => RandomRecord(random))]);
            // What "in order" means: by time, then by block (blocks by their earliest time), then as stored.
            var ordered = blocks.OrderBy(block => block.Records.Min(record => record.Time)).SelectMany(block => block.Records).OrderBy(record => record.Time).ToList();
            var minimum = random.Next(0, 12);
            var matching = ordered.Where(record => record.Fields.TryGetValue("n", out var n) && int.Parse(n) >= minimum).ToList();
            var (pipe, expected) = RandomPipe(random, matching);
            var actual = TestRecords.Run($"n:>={minimum}{pipe}", [.. blocks.Select(block => block.Block)], workers: random.Next(1, 4));
            Assert.Equal(expected, actual);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_come_oldest_first_from_overlapping_and_unsorted_blocks()
    {
        TestBlock[] blocks =
        [
            new([TestRecords.Record(30, "i=1"), TestRecords.Record(10, "i=2"), TestRecords.Record(10, "i=3")]),
            new([TestRecords.Record(50, "i=4"), TestRecords.Record(40, "i=5")]),
            new([TestRecords.Record(5, "i=6"), TestRecords.Record(30, "i=7"), TestRecords.Record(45, "i=8")]),
        ];
        Assert.Equal(["i=6", "i=2", "i=3", "i=7", "i=1", "i=5", "i=8", "i=4"], TestRecords.Run("* | fields i", blocks));
    }

    [Fact]
    public void Limit_stops_before_later_blocks_are_opened()
    {
        var blocks = Sequence(50);
        Assert.Equal(3, TestRecords.Run("* | limit 3", blocks, workers: 2).Count);
        Assert.InRange(blocks.Sum(block => block.Opened), 1, 4);
    }

    [Fact]
    public void Newest_rows_are_found_in_the_newest_blocks()
    {
        var blocks = Sequence(50);
        Assert.Equal(["i=499", "i=498", "i=497"], TestRecords.Run("* | sort by (_time desc) | limit 3 | fields i", blocks));
        Assert.Equal(["i=488", "i=489", "i=490", "i=491", "i=492", "i=493", "i=494", "i=495", "i=496", "i=497", "i=498", "i=499"],
            TestRecords.Run("* | sort by (_time desc) limit 12 | sort by (_time) | fields i", blocks));
        Assert.InRange(blocks.Sum(block => block.Opened), 2, 10);
        Assert.Equal(500, TestRecords.Run("* | last 1000 by (_time)", blocks).Count);
    }

    [Fact]
    public void Newest_rows_of_many_blocks_are_printed_after_their_blocks_were_let_go()
    {
        var blocks = Sequence(50).Reverse().ToArray();
        var rows = TestRecords.Run("* | sort by (_time desc) limit 450 | sort by (_time) | fields i", blocks);
        Assert.Equal([.. Enumerable.Range(50, 450).Select(i => $"i={i}")], rows);
    }

    [Fact]
    public async Task Blocks_out_of_the_time_asked_for_are_not_opened()
    {
        var blocks = Sequence(10);
        var query = QueryParser.Parse("*", 0);
        query = query with { Filter = new Puppylog.Query.Filters.Times.WindowFilter(query.Filter, TestRecords.Start + (45 * Timestamps.Second), TestRecords.Start + (52 * Timestamps.Second)) };
        var sink = new TestRecords.ListSink();
        await QueryExecutor.RunAsync(query, blocks, sink, TestContext.Current.CancellationToken);
        Assert.Equal([.. Enumerable.Range(45, 7).Select(i => $"_time={i} i={i}")], sink.Rows);
        Assert.Equal(2, blocks.Sum(block => block.Opened));
    }

    [Theory]
    [InlineData("* | fields i", 20)]
    [InlineData("* | uniq by (i)", 20)]
    [InlineData("* | last 100 by (_time)", 20)]
    public async Task Damaged_blocks_are_reported_and_the_rest_is_served(string text, int expected)
    {
        RecordBlock[] blocks = [Sequence(1)[0], new TestBlock([TestRecords.Record(1, "i=x")], damaged: true), Sequence(2)[1]];
        var damaged = 0;
        var query = QueryParser.Parse(text, 0) with { Options = new QueryOptions { OnDamage = (_, _) => damaged++ } };
        var sink = new TestRecords.ListSink();
        await QueryExecutor.RunAsync(query, blocks, sink, TestContext.Current.CancellationToken);
        Assert.Equal((1, expected), (damaged, sink.Rows.Count));
    }

    [Theory]
    [InlineData("* | uniq by (i)")]
    [InlineData("* | sort by (i)")]
    [InlineData("* | stats by (i) count()")]
    [InlineData("* | stats count_uniq(i)")]
    [InlineData("* | stats median(i)")]
    public void Queries_past_their_memory_fail_and_say_what_helps(string query)
    {
        var wrong = Assert.Throws<QueryMemoryException>(() => TestRecords.Run(query, Sequence(200), maxMemory: 8 << 10));
        Assert.Contains("more than 8 KiB of memory", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sorting_without_a_limit_never_cuts()
    {
        var sink = new TestRecords.ListSink();
        var context = new QueryContext(new QueryMemory(64 << 20), TestContext.Current.CancellationToken);
        var plan = new QueryPlan(QueryParser.Parse("* | sort by (i desc) | fields i", 0), readsRaw: false);
        var sort = (SortOperator)plan.CreateGatherer(plan.CreateChain(sink, context), context);
        foreach (var block in Sequence(400))
        {
            sort.Push(block.Open(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        }

        Assert.Equal(0, sort.Cuts);
        sort.Finish();
        Assert.Equal([.. Enumerable.Range(0, 4000).Reverse().Select(i => $"i={i}")], sink.Rows);
    }

    [Fact]
    public void Sorting_with_a_limit_keeps_little()
    {
        var rows = TestRecords.Run("* | sort by (i desc) limit 2 | fields i", Sequence(2000), maxMemory: 512 << 10);
        Assert.Equal(["i=19999", "i=19998"], rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sorting_without_a_limit_keeps_every_row(int workers)
    {
        var blocks = Sequence(600).Reverse().ToArray();
        Assert.Equal([.. Enumerable.Range(0, 6000).Reverse().Select(i => $"i={i}")], TestRecords.Run("* | sort by (i desc) | fields i", blocks, workers));
        Assert.Equal(5990, TestRecords.Run("* | sort by (i) offset 10", blocks, workers).Count);
    }

    [Fact]
    public async Task Cancelled_query_ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        foreach (var text in new[] { "*", "* | stats count()", "* | last 5 by (_time)" })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => QueryExecutor.RunAsync(QueryParser.Parse(text, 0), Sequence(3), new TestRecords.ListSink(), cancelled.Token));
        }
    }

    [Fact]
    public async Task Sink_that_has_enough_ends_the_query()
    {
        var blocks = Sequence(50);
        var sink = new TestRecords.ListSink(stopAfter: 15);
        await QueryExecutor.RunAsync(QueryParser.Parse("*", 0), blocks, sink, TestContext.Current.CancellationToken);
        Assert.Equal(20, sink.Rows.Count);
        Assert.InRange(blocks.Sum(block => block.Opened), 2, 10);
    }

    [Fact]
    public void Run_over_arriving_blocks_gives_the_same_newest_rows()
    {
        var sink = new TestRecords.ListSink();
        var run = new QueryRun(QueryParser.Parse("* | sort by (_time desc) limit 3 | sort by (_time) | fields i", 0), sink, TestContext.Current.CancellationToken);
        foreach (var block in new TestBlock[] { new([TestRecords.Record(1, "i=1"), TestRecords.Record(1, "i=2"), TestRecords.Record(1, "i=3")]), new([TestRecords.Record(1, "i=4"), TestRecords.Record(0, "i=0")]) })
        {
            Assert.True(run.Add(block));
        }

        run.Finish();
        Assert.Equal(["i=2", "i=3", "i=4"], sink.Rows);
    }

    static TestBlock[] Sequence(int blocks) =>
        [.. Enumerable.Range(0, blocks).Select(block => new TestBlock([.. Enumerable.Range(block * 10, 10).Select(i => TestRecords.Record(i, $"i={i}"))]))];

    static TestRecord RandomRecord(Random random)
    {
        var fields = "";
        fields += random.Next(4) > 0 ? $"a=v{random.Next(4)} " : "";
        fields += random.Next(3) > 0 ? $"b=x{random.Next(12)} " : "";
        fields += random.Next(8) > 0 ? $"n={random.Next(40)} " : "";
        return TestRecords.Record(random.Next(60), fields);
    }

    static List<(List<TestRecord> Records, TestBlock Block)> Cut(Random random, List<TestRecord> records)
    {
        var blocks = new List<(List<TestRecord>, TestBlock)>();
        while (records.Count > 0)
        {
            var part = records.Take(random.Next(1, 40)).ToList();
            records.RemoveRange(0, part.Count);
            blocks.Add((part, new TestBlock(part, encoded: random.Next(2) == 0)));
        }

        return blocks;
    }

    static (string Pipe, IEnumerable<string> Expected) RandomPipe(Random random, List<TestRecord> rows)
    {
        var count = random.Next(1, 30);
        var field = random.Next(2) == 0 ? "a" : "n";
        string[] by = random.Next(2) == 0 ? ["b"] : ["a", "b"];
        var step = random.Next(1, 15);
        return random.Next(18) switch
        {
            0 => ("", rows.Select(NaiveQuery.Print)),
            1 => ($" | limit {count}", rows.Take(count).Select(NaiveQuery.Print)),
            2 => ($" | offset {count}", rows.Skip(count).Select(NaiveQuery.Print)),
            3 => ($" | sort by ({field}) limit {count}", NaiveQuery.Sort(rows, field, false, count)),
            4 => ($" | sort by ({field} desc)", NaiveQuery.Sort(rows, field, true, int.MaxValue)),
            5 => ($" | sort by (_time desc) | limit {count}", Enumerable.Reverse(rows).Take(count).Select(NaiveQuery.Print)),
            6 => ($" | sort by (_time desc) limit {count} | sort by (_time)", rows.TakeLast(count).Select(NaiveQuery.Print)),
            7 => ($" | top {count} by ({string.Join(", ", by)})", NaiveQuery.Top(rows, by, count)),
            8 => ($" | stats by ({string.Join(", ", by)}) count() c", NaiveQuery.Stats(rows, by, group => $"c={group.Count}")),
            9 => ($" | uniq by ({string.Join(", ", by)}) with hits limit {count}", NaiveQuery.Uniq(rows, by, count)),
            10 => ($" | field_values {field} limit {count}", NaiveQuery.Top([.. rows.Where(row => row.Fields.ContainsKey(field))], [field], count)),
            11 => ($" | stats by (n:{step}, a) count() c", NaiveQuery.Stats(NaiveQuery.Bucketed(rows, step), ["n", "a"], group => $"c={group.Count}")),
            12 => ($" | stats by (a, n:{step}, b) count(b) e, count() c", NaiveQuery.Stats(NaiveQuery.Bucketed(rows, step), ["a", "n", "b"], NaiveQuery.CountsOf)),
            13 => (" | stats count() c, count(a, b) e, count_empty(a) z, count_uniq(a, b) u, avg(n) v, min(b) m, quantile(0.9, n) q", [NaiveQuery.Summary(rows)]),
            15 or 16 => ($" | facets {count} max_values_per_field {step}", NaiveQuery.Facets(rows, count, step)),
            14 => ($" | stats by (_time:{step}s, a) count() c", NaiveQuery.ByTime(rows, step)),
            _ => ($" | stats by ({string.Join(", ", by)}) count() c, count_uniq(b) u, sum(n) s, max(n) m, median(n) q", NaiveQuery.Stats(rows, by)),
        };
    }
}
