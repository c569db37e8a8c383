using System.Text;
using System.Threading.Channels;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Tests.Query.Execution;

namespace Puppylog.Tests.Cli;

public sealed class StoreSearchTests
{
    [Fact]
    public async Task Following_shows_the_newest_then_what_comes_and_nothing_twice()
    {
        var store = new TestStore(Block(1, 2, 3));
        // Committed while the search runs: in its result, and the first that is watched.
        store.WhileQuerying = () => store.Commit(Block(4));
        var stream = new MemoryStream();
        var request = new SearchRequest(QueryParser.Parse("*", 0), "raw", 2, Follow: true);
        var follow = StoreSearch.RunAsync(request, store, request.CreateWriter(new OutputBuffer(stream)), TestContext.Current.CancellationToken);
        store.Commit(Block(5, 6));
        store.Commit(Block(6));
        store.End();
        await follow;
        Assert.Equal("r3\nr4\nr5\nr6\nr6\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Limit_becomes_pipes_that_any_store_runs()
    {
        Assert.Equal("x | filter y | sort by (_time desc) limit 5 | sort by (_time) | fields a", Limited("x | filter y | fields a"));
        Assert.Equal("x | top 10 by (a) | limit 5", Limited("x | top by (a)"));
    }

    static string Limited(string query) => new SearchRequest(QueryParser.Parse(query, 0), "text", 5, Follow: false).LimitedQuery.ToString();

    static TestBlock Block(params int[] seconds) => new([.. seconds.Select(second => TestRecords.Record(second, $"_raw=r{second} _msg=m{second}"))]);

    sealed class TestStore(TestBlock first) : ILogStore
    {
        readonly Channel<CommittedBlocks> _commits = Channel.CreateUnbounded<CommittedBlocks>();
        readonly List<RecordBlock> _blocks = [first];

        public Action WhileQuerying { get; set; } = () => { };

        public string? Trouble => null;

        public void Commit(TestBlock block)
        {
            _blocks.Add(block);
            _commits.Writer.TryWrite(new(_blocks.Count, [block]));
        }

        public void End() => _commits.Writer.Complete();

        public async Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken)
        {
            WhileQuerying();
            var covered = _blocks.Count;
            await QueryExecutor.RunAsync(query, [.. _blocks], sink, cancellationToken);
            return covered;
        }

        public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) => _commits.Reader.ReadAllAsync(cancellationToken);

        public ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;
    }
}
