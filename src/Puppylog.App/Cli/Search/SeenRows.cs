using System.Buffers.Binary;
using Puppylog.Query.Execution;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>
/// Remembers the last rows that a search printed, so that following it does not print again what was committed while it
/// ran: such commits are in its result and among the first that are watched.
/// </summary>
sealed class SeenRows(ResultWriter writer) : IResultSink
{
    const int MaxRows = 65_536;

    readonly Dictionary<UInt128, int> _counts = [];
    readonly Queue<UInt128> _order = new();

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            var hash = Hash(view, row);
            _counts[hash] = _counts.GetValueOrDefault(hash) + 1;
            _order.Enqueue(hash);
            if (_order.Count > MaxRows)
            {
                Forget(_order.Dequeue());
            }
        }

        return writer.Write(view, rows);
    }

    /// <summary>A sink that prints the rows that were not seen.</summary>
    public IResultSink Unseen() => new UnseenRows(this, writer);

    bool Forget(UInt128 hash)
    {
        if (!_counts.TryGetValue(hash, out var count))
        {
            return false;
        }

        if (count == 1)
        {
            _counts.Remove(hash);
        }
        else
        {
            _counts[hash] = count - 1;
        }

        return true;
    }

    static UInt128 Hash(RecordView view, int row)
    {
        Span<byte> key = stackalloc byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(key, view.Times.Nanoseconds[row]);
        var line = view.Column(FieldNames.Raw) ?? view.Column(FieldNames.Message);
        BinaryPrimitives.WriteUInt128LittleEndian(key[8..], line is null ? default : ByteHash.Wide(line.Value(row)));
        return ByteHash.Wide(key);
    }

    sealed class UnseenRows(SeenRows seen, ResultWriter writer) : IResultSink
    {
        public bool Write(RecordView view, ReadOnlySpan<int> rows)
        {
            var fresh = new List<int>();
            foreach (var row in rows)
            {
                if (!seen.Forget(Hash(view, row)))
                {
                    fresh.Add(row);
                }
            }

            return fresh.Count == 0 || writer.Write(view, fresh.ToArray());
        }
    }
}
