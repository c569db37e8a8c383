using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>Gathers from frames, in any order, how far each source was read and which idempotency keys were stored.</summary>
sealed class CommitMoves
{
    readonly Dictionary<string, (long Commit, SourcePosition Position)> _positions = new(StringComparer.Ordinal);
    readonly Dictionary<string, KeyRow> _keys = new(StringComparer.Ordinal);

    public IEnumerable<SourcePosition> Positions => _positions.Values.Select(moved => moved.Position);

    /// <summary>The positions with the commits that moved them there.</summary>
    public IEnumerable<(long Commit, SourcePosition Position)> Moved => _positions.Values;

    /// <summary>Their counts of records are those of the frames that have them.</summary>
    public IEnumerable<KeyRow> Keys => _keys.Values;

    /// <summary>The parts that a frame holds: itself, or what compaction has joined in it.</summary>
    public static IReadOnlyList<FramePart> Parts(FoundFrame frame)
    {
        var header = frame.Header;
        return Joined(frame)?.Parts ?? [new(header.Commit, header.Ordinal, header.Records)];
    }

    /// <summary>What compaction says that the frame consists of; null where it has not made it.</summary>
    public static CompactedMetadata? Joined(FoundFrame frame)
    {
        try
        {
            return frame.Header.IsCompacted ? CompactedMetadata.Read(frame.Metadata) : null;
        }
        catch (CorruptDataException)
        {
            // Its checksum holds: a later version has written it. The first part is in the header.
            return null;
        }
    }

    public void Add(FoundFrame frame)
    {
        try
        {
            if (frame.Header.IsCompacted)
            {
                var joined = CompactedMetadata.Read(frame.Metadata);
                foreach (var (commit, position) in joined.Positions)
                {
                    Add(commit, position);
                }

                foreach (var key in joined.Keys)
                {
                    _keys.TryAdd(key.Key, key);
                }
            }
            else if (frame.Metadata.Length > 0)
            {
                var reader = new FixedReader(frame.Metadata);
                var (positions, keys) = CommitMetadata.Read(ref reader);
                foreach (var move in positions)
                {
                    Add(frame.Header.Commit, move.To);
                }

                foreach (var key in keys)
                {
                    _keys.TryAdd(key, new(key, frame.Header.Commit, frame.Header.Records));
                }
            }
        }
        catch (Exception e) when (e is FormatException or CorruptDataException)
        {
            // Its checksum holds, so that a later version must have written it: what it says of positions is not known here.
        }
    }

    void Add(long commit, SourcePosition position)
    {
        if (!_positions.TryGetValue(position.Source, out var known) || known.Commit <= commit)
        {
            _positions[position.Source] = (commit, position);
        }
    }
}
