using Puppylog.Processing;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Pipeline;

/// <summary>Records and positions that will be committed together: a batch per shape and chain of processors, and how far each source has come.</summary>
/// <param name="mostRecords">Records of a batch with which it is full.</param>
sealed class PendingCommit(BatchPool pool, int mostRecords)
{
    readonly List<RecordBatch> _batches = new(1);
    // The chain of each batch; null where its records stay as they are.
    readonly List<ProcessorChain?> _chains = new(1);
    readonly List<Share> _shares = [];
    readonly Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);

    public IReadOnlyList<RecordBatch> Batches => _batches;

    /// <summary>When the first lines came: a timestamp of the clock; null while there are none.</summary>
    public long? Since { get; set; }

    /// <summary>Lines that it accounts for, stored or not.</summary>
    public long Lines { get; set; }

    public bool IsFull => HasAllRecords || _batches.Exists(batch => batch.IsFull);

    /// <summary>True where a batch may not have a record more.</summary>
    public bool HasAllRecords
    {
        get
        {
            foreach (var batch in _batches)
            {
                if (batch.Count >= mostRecords || batch.HasAllRecords)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public bool IsEmpty => _positions.Count == 0 && !_batches.Exists(batch => batch.Count > 0);

    /// <summary>Records that each batch has room for, at least.</summary>
    public int Room => _batches.Count == 0 ? mostRecords : Math.Max(0, mostRecords - _batches.Max(batch => batch.Count));

    public RecordBatch Batch(RecordShape shape, ProcessorChain? chain)
    {
        for (var i = 0; i < _batches.Count; i++)
        {
            if (ReferenceEquals(_batches[i].Shape, shape) && ReferenceEquals(_chains[i], chain))
            {
                return _batches[i];
            }
        }

        var rented = pool.Rent(shape);
        _batches.Add(rented);
        _chains.Add(chain);
        return rented;
    }

    /// <summary>Takes note of whose records the batch's are from <paramref name="first"/> on.</summary>
    public void AddShare(RecordBatch batch, int first, FeedCounters counters)
    {
        if (_shares.Count > 0 && _shares[^1] is var last && ReferenceEquals(last.Batch, batch) && ReferenceEquals(last.Counters, counters) && last.End == first)
        {
            _shares[^1] = last with { End = batch.Count };
        }
        else
        {
            _shares.Add(new(batch, first, batch.Count, counters));
        }
    }

    /// <summary>Runs the records through their chains; once, when no more come. Positions stay: they lie behind dropped records, too.</summary>
    public void Process(CollectCounters counters)
    {
        for (var i = 0; i < _batches.Count; i++)
        {
            if (_chains[i] is { } chain && _batches[i].Count > 0)
            {
                var batch = _batches[i];
                var done = chain.Apply(batch);
                counters.Add(done);
                foreach (var share in _shares.Where(share => ReferenceEquals(share.Batch, batch)))
                {
                    share.Count(done);
                }
            }
        }

        _shares.Clear();
    }

    public void MoveTo(SourcePosition position) => _positions[position.Source] = position;

    /// <summary>The request; <paramref name="stored"/> are the positions that the commits before this one lead to.</summary>
    public CommitRequest ToRequest(Dictionary<string, SourcePosition> stored)
    {
        var changes = new List<PositionChange>(_positions.Count);
        foreach (var (source, position) in _positions)
        {
            changes.Add(new(stored.GetValueOrDefault(source), position));
            stored[source] = position;
        }

        return new(_batches.FindAll(batch => batch.Count > 0), changes, []);
    }

    public void Release()
    {
        foreach (var batch in _batches)
        {
            pool.Return(batch);
        }

        _batches.Clear();
        _chains.Clear();
    }

    /// <summary>Records of a batch that came from one source.</summary>
    readonly record struct Share(RecordBatch Batch, int First, int End, FeedCounters Counters)
    {
        public void Count(ProcessedBatch done)
        {
            var dropped = 0;
            for (var row = First; row < End; row++)
            {
                dropped += done.Reason(row) != DropReason.None ? 1 : 0;
            }

            Counters.Dropped += dropped;
            Counters.Records -= dropped;
        }
    }
}
