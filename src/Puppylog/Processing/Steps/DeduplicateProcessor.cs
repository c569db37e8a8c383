using System.Buffers.Binary;
using System.Buffers.Text;
using Puppylog.Processing.Options;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Processing.Steps;

sealed class DeduplicateProcessor(DeduplicateOptions options) : Processor(options)
{
    const string Repeated = "repeated";

    readonly long _window = options.Window.Ticks * 100;
    readonly Dictionary<UInt128, Seen> _seen = [];
    // In the order in which they were first remembered; each key of the table once.
    readonly Queue<UInt128> _order = new();
    byte[] _key = new byte[256];

    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        var stream = batch.View.Column(FieldNames.Stream);
        var columns = options.Fields.Select(field => FieldResolver.Resolve(batch.View, field)).ToArray();
        var repeats = new List<(int Row, long Count)>();
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var key = Key(stream, columns, row);
            var time = batch.Batch.Times[row];
            var isKnown = _seen.TryGetValue(key, out var seen);
            if (isKnown)
            {
                if (Int128.Abs((Int128)time - seen.Time) <= _window)
                {
                    batch.Drop(row, DropReason.Duplicate);
                    _seen[key] = seen with { Dropped = seen.Dropped + 1 };
                    continue;
                }

                if (seen.Dropped > 0)
                {
                    repeats.Add((row, seen.Dropped));
                }
            }
            else
            {
                MakeRoom();
                _order.Enqueue(key);
            }

            // A record from before the window does not take the later one's place.
            _seen[key] = new(isKnown ? Math.Max(time, seen.Time) : time, 0);
        }

        Tell(batch, repeats);
    }

    void MakeRoom()
    {
        while (_seen.Count >= options.Most)
        {
            _seen.Remove(_order.Dequeue());
        }
    }

    UInt128 Key(ColumnVector? stream, ColumnVector?[] columns, int row)
    {
        var length = 0;
        Append(stream, row, ref length);
        foreach (var column in columns)
        {
            Append(column, row, ref length);
        }

        return ByteHash.Wide(_key.AsSpan(0, length));
    }

    /// <summary>A value with its length before it, so that two fields never look like one.</summary>
    void Append(ColumnVector? column, int row, ref int length)
    {
        var value = column is null ? [] : column.Value(row);
        if (_key.Length < length + value.Length + 4)
        {
            Array.Resize(ref _key, Math.Max(_key.Length * 2, length + value.Length + 4));
        }

        BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(length), value.Length);
        value.CopyTo(_key.AsSpan(length + 4));
        length += value.Length + 4;
    }

    static void Tell(ProcessedBatch batch, List<(int Row, long Count)> repeats)
    {
        if (repeats.Count == 0)
        {
            return;
        }

        var column = batch.Gather(Repeated);
        Span<byte> digits = stackalloc byte[20];
        foreach (var (row, count) in repeats)
        {
            Utf8Formatter.TryFormat(count, digits, out var length);
            column.Set(row, batch.Batch.Append(digits[..length]), ValueKind.Number);
        }
    }

    /// <param name="Time">Of the record that was kept last: nanoseconds since 1970.</param>
    /// <param name="Dropped">Since then.</param>
    readonly record struct Seen(long Time, long Dropped);
}
