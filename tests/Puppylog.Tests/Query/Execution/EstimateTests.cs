using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Execution;

public sealed class EstimateTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task Quantile_is_exact_up_to_a_size_and_then_says_that_it_is_an_estimate(int mebi, bool isEstimate)
    {
        var blocks = Enumerable.Range(0, mebi).Select(block => new ComputedBlock(1 << 20, row => ((long)block << 20) + row)).ToArray();
        var (rows, notes) = await RunAsync("* | stats quantile(0.9, n) as q", blocks);
        var exact = (long)(0.9 * (mebi << 20));
        var q = double.Parse(Assert.Single(rows)["q=".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(q, exact * (1 - (isEstimate ? QuantileSketch.RelativeError : 0)), exact * (1 + (isEstimate ? QuantileSketch.RelativeError : 0)));
        Assert.Equal(isEstimate ? [$"q: estimate, relative error at most 0.2 %; exact up to {QuantileFunction.MaxExact} numbers"] : [], notes);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Distinct_count_is_exact_up_to_a_size_and_then_says_that_it_is_an_estimate(int mebi, bool isEstimate)
    {
        var blocks = Enumerable.Range(0, mebi).Select(block => new ComputedBlock(1 << 20, row => ((long)block << 20) + row)).ToArray();
        var (rows, notes) = await RunAsync("* | count_uniq(n) u", blocks);
        var exact = (double)(mebi << 20);
        var u = double.Parse(Assert.Single(rows)["u=".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(u / exact, isEstimate ? 1 - (5 * DistinctSketch.StandardError) : 1, isEstimate ? 1 + (5 * DistinctSketch.StandardError) : 1);
        Assert.Equal(isEstimate ? [$"u: estimate, standard error 0.8 %; exact up to {DistinctSet.MaxExact} distinct values"] : [], notes);
    }

    [Fact]
    public async Task Small_groups_stay_exact_beside_large_ones()
    {
        ComputedBlock[] blocks = [.. Enumerable.Range(0, 5).Select(_ => new ComputedBlock(1 << 20, row => row, row => row % 10_000 == 3 ? "few" : "many"))];
        var (rows, notes) = await RunAsync("* | stats by (g) median(n) q", blocks);
        var few = Enumerable.Range(0, 1 << 20).Where(row => row % 10_000 == 3).Order().ToArray();
        Assert.Equal($"g=few q={few[(int)(few.Length * 0.5)]}", rows[0]);
        Assert.Single(notes);
    }

    [Fact]
    public async Task Decoded_columns_are_charged_and_given_back_block_by_block()
    {
        var blocks = Enumerable.Range(0, 40).Select(_ => new ComputedBlock(10_000, row => row) { HeldBytes = 1 << 20 }).ToArray();
        foreach (var query in new[] { "* | stats sum(n) s", "* | fields n | limit 100000", "* | stats by (n) count() c | limit 1" })
        {
            var (rows, _) = await RunAsync(query, blocks, maxMemory: 8 << 20);
            Assert.NotEmpty(rows);
        }

        var wrong = await Assert.ThrowsAsync<QueryMemoryException>(() => RunAsync("* | stats sum(n) s", blocks, maxMemory: 512 << 10));
        Assert.Contains("--max-query-memory", wrong.Message, StringComparison.Ordinal);
    }

    static async Task<(List<string> Rows, List<string> Notes)> RunAsync(string text, IReadOnlyList<RecordBlock> blocks, long maxMemory = QueryOptions.DefaultMaxMemory)
    {
        var notes = new List<string>();
        var sink = new TestRecords.ListSink();
        var query = QueryParser.Parse(text, 0) with { Options = new QueryOptions { Workers = 2, MaxMemory = maxMemory, OnNote = notes.Add } };
        await QueryExecutor.RunAsync(query, blocks, sink, TestContext.Current.CancellationToken);
        return (sink.Rows, notes);
    }

    /// <summary>Records whose fields are computed: <c>n</c>, and <c>g</c> where asked for.</summary>
    sealed class ComputedBlock(int count, Func<int, long> number, Func<int, string>? group = null) : RecordBlock
    {
        public long HeldBytes { get; init; }

        public override int Count => count;

        public override long MinTime => 0;

        public override long MaxTime => 0;

        public override RecordView Open()
        {
            var view = new ResultView(count).Add("n", new IntegerVector(count, [.. Enumerable.Range(0, count).Select(number)], null));
            if (group is not null)
            {
                var column = new ResultColumn(count);
                for (var row = 0; row < count; row++)
                {
                    column.Add(System.Text.Encoding.UTF8.GetBytes(group(row)));
                }

                view.Add("g", column.ToVector());
            }

            return HeldBytes == 0 ? view : new HeavyView(view, HeldBytes);
        }
    }

    sealed class HeavyView(RecordView inner, long bytes) : RecordView
    {
        public override int Count => inner.Count;

        public override long MinTime => 0;

        public override long MaxTime => 0;

        public override long HeldBytes => bytes;

        public override IReadOnlyList<string> FieldNames => inner.FieldNames;

        public override TimestampVector Times => inner.Times;

        public override ColumnVector? Column(string name) => inner.Column(name);
    }
}
