using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>
/// Joins small blocks of one shape into full ones and hands on full ones as they are. Blocks come in the order of commits,
/// and none passes another one of its shape.
/// </summary>
sealed class BlockMerger(IBlockCodec codec, CompactedSegment target)
{
    /// <summary>Bytes of blocks under way; above them the largest one is written, full or not.</summary>
    const long MaxBytes = 48 << 20;

    readonly Dictionary<string, JoinedBlock> _joining = new(StringComparer.Ordinal);
    int[] _rows = [];

    /// <summary>A batch that was written, for the next block: with its buffers it is the most that compaction holds.</summary>
    RecordBatch? _spare;

    /// <exception cref="CorruptDataException">The block does not verify.</exception>
    public void Add(in SourceBlock block)
    {
        var view = codec.Open(new MemoryBlockBytes(block.Body));
        if (view.Count != block.Frame.Records)
        {
            throw new CorruptDataException("a block and its frame differ in their records");
        }

        var shape = codec.ShapeOf(view);
        var key = Key(shape);
        var joining = _joining.GetValueOrDefault(key);
        if (!block.IsSmall)
        {
            Write(key, joining, isFull: false);
            target.Append(block.Metadata, block.Body, block.Frame.Records, block.Frame.MinTime, block.Frame.MaxTime);
            return;
        }

        var columns = codec.StoredColumns(view);
        if (joining is not null && !joining.HasRoomFor(view.Count, columns))
        {
            Write(key, joining, isFull: true);
            joining = null;
        }

        if (joining is null)
        {
            joining = new JoinedBlock(Take(shape));
            _joining.Add(key, joining);
        }

        joining.Add(codec, view, columns, block.Metadata);
        if (joining.IsFull)
        {
            Write(key, joining, isFull: true);
        }
        else if (_joining.Values.Sum(other => other.Bytes) > MaxBytes)
        {
            var (largest, most) = _joining.MaxBy(other => other.Value.Bytes);
            Write(largest, most, isFull: false);
        }
    }

    RecordBatch Take(RecordShape shape)
    {
        if (_spare is not { } batch)
        {
            return new RecordBatch(shape);
        }

        _spare = null;
        batch.Reset(shape);
        return batch;
    }

    public void Finish()
    {
        foreach (var (key, joining) in _joining.ToList())
        {
            Write(key, joining, isFull: false);
        }
    }

    void Write(string key, JoinedBlock? joining, bool isFull)
    {
        if (joining is null)
        {
            return;
        }

        _joining.Remove(key);
        var batch = joining.Batch;
        if (_rows.Length < batch.Count)
        {
            _rows = [.. Enumerable.Range(0, batch.Count)];
        }

        using var encoded = codec.Encode(batch, _rows.AsSpan(0, batch.Count));
        BlockComparison.Check(codec, encoded, batch);
        target.Append(joining.Metadata(isFull), encoded.Body, encoded.Records, encoded.MinTime, encoded.MaxTime);
        _spare = batch;
    }

    /// <summary>The same for blocks whose records may be in one block.</summary>
    static string Key(RecordShape shape) => string.Join(
        '\n',
        [shape.Format, .. shape.Templates.Select(template => template.Text), "", .. shape.Derived.Select(field => $"{field.Name}\t{field.Source}\t{field.Function}")]);
}
