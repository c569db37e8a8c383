using System.Text;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Tests.Pipeline;

/// <summary>Keeps lines and positions in memory, and refuses a position that does not start where the last one ended.</summary>
sealed class MemoryLogStore : ILogStore
{
    readonly Dictionary<string, SourcePosition> _positions = [];
    Task _last = Task.CompletedTask;

    public string? Trouble { get; set; }

    public bool IsHindered { get; set; }

    public bool IsWatched { get; set; }

    /// <summary>When set, commits wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public LogStoreException? Failure { get; set; }

    /// <summary>Keeps no records, only counts them.</summary>
    public bool CountOnly { get; init; }

    public List<StoredLine> Lines { get; } = [];

    public IEnumerable<string> Texts => Lines.Select(line => line.Text);

    public IReadOnlyDictionary<string, SourcePosition> Positions => _positions;

    /// <summary>Is told of the positions after each commit.</summary>
    public Action<IEnumerable<SourcePosition>>? Committed { get; set; }

    public int Commits { get; private set; }

    public ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) =>
        new([.. _positions.Values]);

    public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        var mine = CommitAsync(_last, request, cancellationToken);
        _last = mine;
        return mine;
    }

    async Task<CommitReceipt> CommitAsync(Task before, CommitRequest request, CancellationToken cancellationToken)
    {
        await Task.WhenAll(before, Gate.WaitAsync(cancellationToken));
        if (Failure is not null)
        {
            throw Failure;
        }

        foreach (var change in request.Positions)
        {
            var stored = _positions.GetValueOrDefault(change.To.Source);
            if ((stored?.Generation, stored?.Offset) != (change.From?.Generation, change.From?.Offset))
            {
                throw new PositionConflictException(change.To.Source, change.To.Path);
            }
        }

        foreach (var change in request.Positions)
        {
            _positions[change.To.Source] = change.To;
        }

        if (!CountOnly)
        {
            foreach (var batch in request.Batches)
            {
                Keep(batch);
            }
        }

        Committed?.Invoke(_positions.Values);
        return new(++Commits, request.Batches.Sum(batch => batch.Count), false);
    }

    void Keep(RecordBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var fields = batch.Columns.Where(column => !column.Span(row).IsAbsent)
                .ToDictionary(column => column.Name, column => Encoding.UTF8.GetString(batch.Value(column.Span(row))));
            foreach (var value in batch.Overflow)
            {
                if (value.Row == row)
                {
                    fields[Encoding.UTF8.GetString(batch.Value(value.Name))] = Encoding.UTF8.GetString(batch.Value(value.Value));
                }
            }

            Lines.Add(new(Encoding.Latin1.GetString(batch.Value(batch.Lines[row])), batch.Times[row], batch.Shape.Format, fields));
        }
    }

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
