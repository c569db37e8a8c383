using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Verification;

/// <summary>Reads a block as a query that wants everything would: each checksum, each column, each original line.</summary>
static class BlockCheck
{
    /// <summary>What is wrong; empty where all is well. Never throws for what the bytes hold.</summary>
    public static List<BlockFlaw> Run(ReadOnlyMemory<byte> body, IBlockCodec codec, FrameEntry expected)
    {
        var flaws = new List<BlockFlaw>();
        RecordView? view = null;
        Try(flaws, null, 0, body.Length, () => view = codec.Open(new MemoryBlockBytes(body)));
        if (view is null)
        {
            return flaws;
        }

        if (view.Count != expected.Records || view.MinTime != expected.MinTime || view.MaxTime != expected.MaxTime)
        {
            flaws.Add(new(null, 0, body.Length, $"holds {view.Count} records where its frame says {expected.Records}, or other times"));
        }

        if (view is BlockView block)
        {
            foreach (var (name, place, isWhole) in block.CheckChunks())
            {
                if (!isWhole)
                {
                    flaws.Add(new(name, place.Offset, place.Length, $"the chunk of {name} does not match its checksum"));
                }
            }
        }

        if (flaws.Count == 0)
        {
            Decode(view, flaws, body.Length);
        }

        return flaws;
    }

    static void Decode(RecordView view, List<BlockFlaw> flaws, int length)
    {
        IEnumerable<string> names = view is BlockView block ? block.Entries.Select(entry => entry.Name) : view.FieldNames;
        foreach (var name in names.Append(FieldNames.Raw).Distinct())
        {
            Try(flaws, name, 0, length, () => view.Column(name));
        }

        Try(flaws, FieldNames.Time, 0, length, () => CheckTimes(view));
        Try(flaws, FieldNames.Raw, 0, length, () => ComposeLines(view));
    }

    static void CheckTimes(RecordView view)
    {
        foreach (var time in view.Times.Nanoseconds.AsSpan(0, view.Count))
        {
            if (time < view.MinTime || time > view.MaxTime)
            {
                throw new CorruptDataException("a record's time is outside of the block's");
            }
        }
    }

    static void ComposeLines(RecordView view)
    {
        if (view.Column(FieldNames.Raw) is { } lines)
        {
            for (var row = 0; row < view.Count; row++)
            {
                lines.Value(row);
            }
        }
    }

    // Bytes that verify and still cannot be decoded are a fault of the program that wrote or reads them: it is told with the
    // place like any other damage, and must not keep the rest from being looked at.
    static void Try(List<BlockFlaw> flaws, string? column, int offset, int length, Action step)
    {
        try
        {
            step();
        }
        catch (CorruptDataException e)
        {
            flaws.Add(new(column, offset, length, e.Message));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            flaws.Add(new(column, offset, length, $"cannot be decoded ({e.GetType().Name}: {e.Message})"));
        }
    }
}
