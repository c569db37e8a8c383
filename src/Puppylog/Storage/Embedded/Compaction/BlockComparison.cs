using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>
/// Reads an encoded block back and compares it with the records that went into it: what replaces the only copy of somebody's
/// logs is not trusted before.
/// </summary>
static class BlockComparison
{
    /// <exception cref="CorruptDataException">The block does not give back what went into it.</exception>
    public static void Check(IBlockCodec codec, PooledBlock encoded, RecordBatch batch)
    {
        var view = codec.Open(new MemoryBlockBytes(encoded.Body));
        if (view.Count != batch.Count || !view.Times.Nanoseconds.AsSpan(0, batch.Count).SequenceEqual(batch.Times))
        {
            throw Differs(FieldNames.Time);
        }

        var given = new BatchView(batch);
        foreach (var name in batch.Columns.Where(column => column.IsUsed && !FieldNames.IsHidden(column.Name)).Select(column => column.Name)
            .Prepend(FieldNames.Message).Prepend(FieldNames.Raw))
        {
            if (!AreEqual(given.Column(name), view.Column(name), batch.Count))
            {
                throw Differs(name);
            }
        }
    }

    static bool AreEqual(ColumnVector? given, ColumnVector? found, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var isThere = given?.IsPresent(row) ?? false;
            if (isThere != (found?.IsPresent(row) ?? false))
            {
                return false;
            }

            if (isThere && (!given!.Value(row).SequenceEqual(found!.Value(row)) || given.Kind(row) != found.Kind(row)))
            {
                return false;
            }
        }

        return true;
    }

    static CorruptDataException Differs(string column) => new($"a joined block differs in {column} from what went into it; it is not used");
}
