using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Puppylog.App.Api.Tail;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Played;
using Puppylog.Tests.Query.Execution;

namespace Puppylog.Tests.Api.Tail;

/// <summary>A tail on commits that a test makes, with a client whose slowness moves a played clock.</summary>
public sealed class LiveTailTests
{
    readonly PlayedClock _clock = new();
    readonly PlayedHistory _history = new();
    readonly RecordedOutput _output;

    public LiveTailTests() => _output = new(_clock);

    [Fact]
    public void Records_come_once_each_behind_the_cursor()
    {
        _history.Add(3, 4, 5);
        Run("*", "2-3");
        Assert.Equal(["2-4", "3-1", "3-2", "3-3", "3-4", "3-5"], _output.Ids);
    }

    [Fact]
    public void Cursor_counts_the_records_that_match()
    {
        _history.Add(4, 4);
        Run("n:=1 or n:=3", "0");
        Assert.Equal(["1-1", "1-2", "2-1", "2-2"], _output.Ids);
        _output.Ids.Clear();
        Run("n:=1 or n:=3", "1-1");
        Assert.Equal(["1-2", "2-1", "2-2"], _output.Ids);
    }

    [Fact]
    public void What_was_there_at_the_beginning_is_sent_whole_to_a_slow_client()
    {
        _output.PerRow = TimeSpan.FromSeconds(7);
        _history.Add(3, 4, 5);
        Run("*", "0");
        Assert.Equal(12, _output.Ids.Count);
        Assert.Equal(0, _output.Skipped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Slow_client_is_told_exactly_how_many_it_missed(int seed)
    {
        var random = new Random(seed);
        var total = 0;
        var left = 200;
        _output.PerRow = TimeSpan.FromMilliseconds(200);
        // Each row that is sent takes so long that other commits come meanwhile.
        _output.OnRow = () =>
        {
            if (left-- > 0)
            {
                var records = random.Next(1, 20);
                total += records;
                _history.Add(records);
            }
            else
            {
                _output.PerRow = TimeSpan.Zero;
                _history.End();
            }
        };
        _history.OnWaiting = () =>
        {
            _history.OnWaiting = null;
            total++;
            _history.Add(1);
        };
        Run("*", "0", ends: false);
        Assert.True(_output.Skipped > 0, "nothing was left out");
        Assert.Equal(total, _output.Ids.Count(id => id.Contains('-', StringComparison.Ordinal)) + _output.Skipped);
        // Cursors never go back: whoever comes back with any of them misses nothing that was not counted.
        var order = _output.Ids.ConvertAll(Order);
        Assert.Equal(order.Order(), order);
    }

    [Fact]
    public void Client_that_keeps_up_misses_nothing()
    {
        var left = 300;
        _output.PerRow = TimeSpan.FromMilliseconds(100);
        _history.OnWaiting = () =>
        {
            if (left-- > 0)
            {
                _history.Add(2);
            }
            else
            {
                _history.End();
            }
        };
        Run("*", "0", ends: false);
        Assert.Equal(600, _output.Ids.Count);
    }

    static (long, long) Order(string id)
    {
        Assert.True(TailCursor.TryParse(id, out var cursor));
        return (cursor.Commit, cursor.Sent < 0 ? long.MaxValue : cursor.Sent);
    }

    void Run(string query, string cursor, bool ends = true)
    {
        Assert.True(TailCursor.TryParse(cursor, out var from));
        if (ends)
        {
            _history.OnWaiting = _history.End;
        }

        new LiveTail(_history, QueryParser.Parse(query, 0), _output, _clock, TestContext.Current.CancellationToken).Run(from);
    }

    /// <summary>Commits of records with <c>n</c> from 0 on.</summary>
    sealed class PlayedHistory : ICommitHistory
    {
        readonly List<CommittedBlocks> _commits = [];
        readonly Channel<bool> _news = Channel.CreateUnbounded<bool>();
        bool _isOver;

        public Action? OnWaiting { get; set; }

        public long LastCommit => _commits.Count;

        public void Add(params int[] records)
        {
            foreach (var count in records)
            {
                var rows = Enumerable.Range(0, count).Select(n => TestRecords.Record(n, $"n={n}")).ToArray();
                _commits.Add(new(_commits.Count + 1, [new TestBlock([.. rows], false)]));
            }
        }

        public void End() => _isOver = true;

        public long CommitBefore(long time) => 0;

        public async IAsyncEnumerable<CommittedBlocks> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                while (after < _commits.Count)
                {
                    yield return _commits[(int)after++];
                }

                // As a store does: the waiting is seen by who waits.
                await Task.Delay(20, cancellationToken);
                if (after < _commits.Count)
                {
                    continue;
                }

                if (_isOver)
                {
                    yield break;
                }

                OnWaiting?.Invoke();
            }
        }
    }

    sealed class RecordedOutput(PlayedClock clock) : ITailOutput
    {
        public List<string> Ids { get; } = [];

        public long Skipped { get; private set; }

        public TimeSpan PerRow { get; set; }

        public Action? OnRow { get; set; }

        public void Row(RecordView view, int row, TailCursor cursor)
        {
            Ids.Add(cursor.ToString());
            clock.Advance(PerRow);
            OnRow?.Invoke();
        }

        void ITailOutput.Skipped(long records, TailCursor cursor)
        {
            Ids.Add(cursor.ToString());
            Skipped += records;
        }

        public void Reset(TailCursor cursor) => Ids.Add("reset");

        public bool Flush() => true;

        public bool Beat() => true;
    }
}
