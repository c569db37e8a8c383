using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Pipeline;

/// <summary>Records and positions that will be committed together: a batch per shape, and how far each source has come.</summary>
/// <param name="mostRecords">Records of a batch with which it is full.</param>
sealed class PendingCommit(BatchPool pool, int mostRecords)
{
    readonly List<RecordBatch> _batches = new(1);
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

    public RecordBatch Batch(RecordShape shape)
    {
        foreach (var batch in _batches)
        {
            if (ReferenceEquals(batch.Shape, shape))
            {
                return batch;
            }
        }

        var rented = pool.Rent(shape);
        _batches.Add(rented);
        return rented;
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
    }
}
