using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>Writes the column <c>data</c> of a batch's records. One thread at a time.</summary>
sealed class DataWriter(CopyBuffer target)
{
    /// <summary>The first byte of a jsonb value: its version.</summary>
    const byte JsonbVersion = 1;

    readonly List<(LogColumn Column, ByteSpan Value)> _unfit = [];
    RecordBatch _batch = null!;
    DataNode _root = null!;
    int _overflowAt;
    bool _isStorable;

    /// <summary>Values of which bytes were replaced.</summary>
    public long Replaced { get; private set; }

    /// <param name="batch">The batch.</param>
    /// <param name="isStorable">True where all its bytes are text that can be held.</param>
    public void Begin(RecordBatch batch, bool isStorable)
    {
        _batch = batch;
        _isStorable = isStorable;
        _root = DataLayout.Of(batch);
        _overflowAt = 0;
        _unfit.Clear();
        Overflow.Build(batch);
    }

    OverflowByRow Overflow { get; } = new();

    /// <summary>A value of the next row whose own column cannot hold it.</summary>
    public void AddUnfit(LogColumn column, ByteSpan value) => _unfit.Add((column, value));

    /// <summary>Writes the field; null where the record has nothing for it. Rows come in ascending order.</summary>
    public void Write(int row)
    {
        var field = target.BeginField();
        target.Byte(JsonbVersion);
        target.Byte((byte)'{');
        var empty = target.Length;
        foreach (var member in _root.Members)
        {
            Member(member, row, empty);
        }

        foreach (var (column, value) in _unfit)
        {
            Comma(empty);
            JsonWriter.String(target, System.Text.Encoding.UTF8.GetBytes(column.Field), isStorable: true);
            target.Byte((byte)':');
            Value(value, ValueKind.Text);
        }

        _unfit.Clear();
        foreach (var at in Overflow.Of(row, ref _overflowAt))
        {
            var entry = _batch.Overflow[at];
            Comma(empty);
            JsonWriter.String(target, _batch.Value(entry.Name), isStorable: false);
            target.Byte((byte)':');
            Value(entry.Value, entry.Kind);
        }

        if (target.Length == empty)
        {
            target.Cut(field);
            target.Null();
            return;
        }

        target.Byte((byte)'}');
        target.EndField(field);
    }

    /// <param name="member">What is written, if the record has it.</param>
    /// <param name="row">The record.</param>
    /// <param name="empty">Where the object begins that it is a member of.</param>
    void Member(DataNode member, int row, int empty)
    {
        var span = member.Column is { } column ? column.Span(row) : ByteSpan.Absent;
        if (!span.IsAbsent)
        {
            Comma(empty);
            target.Raw(member.Key);
            Value(span, member.Column!.Kind(row));
            foreach (var inner in member.Members)
            {
                Flat(inner, member.Name, row, empty);
            }

            return;
        }

        if (member.Members.Count == 0)
        {
            return;
        }

        var before = target.Length;
        Comma(empty);
        target.Raw(member.Key);
        target.Byte((byte)'{');
        var begin = target.Length;
        foreach (var inner in member.Members)
        {
            Member(inner, row, begin);
        }

        if (target.Length == begin)
        {
            target.Cut(before);
            return;
        }

        target.Byte((byte)'}');
    }

    /// <summary>Members of what is a value and an object in the same record: under their whole names, beside it.</summary>
    void Flat(DataNode member, byte[] prefix, int row, int empty)
    {
        byte[] name = [.. prefix, (byte)'.', .. member.Name];
        var span = member.Column is { } column ? column.Span(row) : ByteSpan.Absent;
        if (!span.IsAbsent)
        {
            Comma(empty);
            JsonWriter.String(target, name, isStorable: false);
            target.Byte((byte)':');
            Value(span, member.Column!.Kind(row));
        }

        foreach (var inner in member.Members)
        {
            Flat(inner, name, row, empty);
        }
    }

    void Value(ByteSpan span, ValueKind kind)
    {
        var isStorable = _isStorable && StorableText.IsWhole(_batch.Bytes, span.Offset, span.Length);
        Replaced += JsonWriter.Value(target, _batch.Value(span), kind, isStorable) ? 0 : 1;
    }

    void Comma(int empty)
    {
        if (target.Length > empty)
        {
            target.Byte((byte)',');
        }
    }
}
