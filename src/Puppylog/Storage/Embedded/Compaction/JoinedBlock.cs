using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Blocks of one shape on their way into one.</summary>
sealed class JoinedBlock(RecordBatch batch)
{
    /// <summary>Spans of a batch, 8 bytes each: what its memory is bounded by beside its lines.</summary>
    const long MaxSpans = 4L << 20;

    readonly HashSet<string> _columns = new(StringComparer.Ordinal);
    readonly List<FramePart> _parts = [];
    readonly Dictionary<string, (long Commit, SourcePosition Position)> _positions = new(StringComparer.Ordinal);
    readonly List<KeyRow> _keys = [];

    public RecordBatch Batch => batch;

    public int Blocks { get; private set; }

    public long Bytes => batch.ByteCount + (8L * batch.Count * (_columns.Count + 4));

    /// <summary>True where it has all that a block should have.</summary>
    public bool IsFull => batch.IsFull || _columns.Count >= RecordBatch.MaxColumns || (long)batch.Count * _columns.Count >= MaxSpans;

    public bool HasRoomFor(int records, IReadOnlyList<string> columns)
    {
        var more = columns.Count(column => !_columns.Contains(column));
        return batch.Count + records <= RecordBatch.MaxRecords
            && (more == 0 || _columns.Count + more <= RecordBatch.MaxColumns)
            && (batch.Count + (long)records) * (_columns.Count + more) <= MaxSpans;
    }

    public void Add(IBlockCodec codec, RecordView view, IReadOnlyList<string> columns, CompactedMetadata metadata)
    {
        codec.CopyTo(batch, view, 0, view.Count);
        _columns.UnionWith(columns);
        _parts.AddRange(metadata.Parts);
        _keys.AddRange(metadata.Keys);
        foreach (var (commit, position) in metadata.Positions)
        {
            if (!_positions.TryGetValue(position.Source, out var known) || known.Commit <= commit)
            {
                _positions[position.Source] = (commit, position);
            }
        }

        Blocks++;
    }

    public CompactedMetadata Metadata(bool isFull) => new(isFull, _parts, [.. _positions.Values], _keys);
}
