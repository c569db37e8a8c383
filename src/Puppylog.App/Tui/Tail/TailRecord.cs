using System.Buffers.Binary;
using System.Text;
using Puppylog.Records;

namespace Puppylog.App.Tui.Tail;

/// <summary>A copy of a record: its time and its fields, packed, so that ten thousand of them are small.</summary>
sealed class TailRecord
{
    /// <summary>Bytes of a value that are kept.</summary>
    public const int MaxValue = 8 << 10;

    /// <summary>Fields that are kept.</summary>
    const int MaxFields = 200;

    /// <summary>Before each value: the field's place among the names (2 bytes), the value's length (4 bytes).</summary>
    const int HeadLength = 6;

    readonly string[] _names;
    readonly byte[] _values;

    TailRecord(long time, string[] names, byte[] values) => (Time, _names, _values) = (time, names, values);

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long Time { get; }

    /// <summary>Bytes that it holds, about.</summary>
    public int Size => 100 + _values.Length;

    /// <summary>The fields that the record has, in the view's order.</summary>
    public IEnumerable<(string Name, string Value)> Fields
    {
        get
        {
            for (var at = 0; at < _values.Length;)
            {
                var (name, length) = Head(at);
                yield return (_names[name], Encoding.UTF8.GetString(_values, at + HeadLength, length));
                at += HeadLength + length;
            }
        }
    }

    /// <summary>The names of the fields that copies of the view's records share.</summary>
    public static string[] Names(RecordView view) => [.. view.FieldNames.Where(name => !FieldNames.IsHidden(name)).Take(MaxFields)];

    /// <param name="view">Where it is.</param>
    /// <param name="row">Its row.</param>
    /// <param name="names">Of the view.</param>
    /// <param name="scratch">Emptied; of one thread.</param>
    public static TailRecord Copy(RecordView view, int row, string[] names, List<byte> scratch)
    {
        scratch.Clear();
        Span<byte> head = stackalloc byte[HeadLength];
        for (var i = 0; i < names.Length; i++)
        {
            if (view.Column(names[i]) is not { } column)
            {
                continue;
            }

            var value = column.Value(row);
            if (!value.IsEmpty)
            {
                value = value[..Math.Min(value.Length, MaxValue)];
                BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)i);
                BinaryPrimitives.WriteInt32LittleEndian(head[2..], value.Length);
                scratch.AddRange(head);
                scratch.AddRange(value);
            }
        }

        return new(view.Times.Nanoseconds[row], names, [.. scratch]);
    }

    /// <summary>The field's value; empty where it has none.</summary>
    public string Find(string name)
    {
        var wanted = Array.IndexOf(_names, name);
        for (var at = 0; at < _values.Length && wanted >= 0;)
        {
            var (field, length) = Head(at);
            if (field == wanted)
            {
                return Encoding.UTF8.GetString(_values, at + HeadLength, length);
            }

            at += HeadLength + length;
        }

        return "";
    }

    /// <summary>Records as a block that filters can be asked about.</summary>
    public static RecordView View(IEnumerable<TailRecord> records)
    {
        var batch = new RecordBatch(RecordShape.Plain);
        foreach (var record in records)
        {
            record.AddTo(batch);
        }

        return new BatchView(batch);
    }

    void AddTo(RecordBatch batch)
    {
        var row = batch.Add(Time, default, default, 0);
        for (var at = 0; at < _values.Length;)
        {
            var (name, length) = Head(at);
            var value = batch.Append(_values.AsSpan(at + HeadLength, length));
            if (_names[name] == FieldNames.Message)
            {
                (batch.LineArray[row], batch.MessageArray[row]) = (value, value);
            }
            else
            {
                batch.Column(_names[name]).Set(row, value);
            }

            at += HeadLength + length;
        }
    }

    (int Name, int Length) Head(int at) => (BinaryPrimitives.ReadUInt16LittleEndian(_values.AsSpan(at)), BinaryPrimitives.ReadInt32LittleEndian(_values.AsSpan(at + 2)));
}
