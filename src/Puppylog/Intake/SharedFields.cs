using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>Fields that several records have in common: labels of a stream, attributes of a resource. Their bytes are in each batch once.</summary>
sealed class SharedFields
{
    /// <summary>Fields and bytes of them: a body says them once, and they may be set on very many records.</summary>
    const int MostFields = 1024;
    const int MostBytes = 1 << 20;

    readonly List<Shared> _fields = [];
    readonly StreamText _text = new();
    byte[] _bytes = new byte[1024];
    int _length;
    ByteSpan _stream;
    RecordBatch? _batch;

    public int Count => _fields.Count;

    /// <summary>Forgets the fields from a place on.</summary>
    public void Keep(int count)
    {
        _fields.RemoveRange(count, _fields.Count - count);
        _length = count == 0 ? 0 : _fields[^1].Start + _fields[^1].Length;
        _batch = null;
    }

    /// <exception cref="IntakeException">They are too many.</exception>
    public void Add(JsonPath path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ValueKind kind, bool isOfStream)
    {
        if (_fields.Count == MostFields || _length + name.Length + value.Length > MostBytes)
        {
            throw new IntakeException($"the labels or attributes that records share are more than {MostFields}, or longer than {MostBytes} bytes; nothing of the body is stored");
        }

        var start = _length;
        Put(name);
        Put(value);
        _fields.Add(new(path, start, name.Length, name.Length + value.Length, kind, isOfStream));
        _batch = null;
    }

    /// <summary>Sets them on a record.</summary>
    /// <param name="batch">Its batch.</param>
    /// <param name="row">The record.</param>
    /// <param name="columns">Bound to the batch.</param>
    public void Set(RecordBatch batch, int row, JsonColumns columns)
    {
        if (!ReferenceEquals(batch, _batch))
        {
            Bind(batch);
        }

        foreach (var field in _fields)
        {
            columns.Set(row, field.Path, field.Value, field.Kind);
        }

        if (!_stream.IsAbsent)
        {
            batch.Column(FieldNames.Stream).Set(row, _stream);
        }
    }

    void Bind(RecordBatch batch)
    {
        _batch = batch;
        _text.Begin();
        foreach (ref var field in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_fields))
        {
            field.Value = batch.Append(_bytes.AsSpan(field.Start + field.NameLength, field.Length - field.NameLength));
        }

        foreach (var field in _fields.Where(field => field.IsOfStream && field.Length > field.NameLength).OrderBy(field => field.Path.Name, StringComparer.Ordinal))
        {
            _text.Add(_bytes.AsSpan(field.Start, field.NameLength), batch.Value(field.Value));
        }

        _text.End();
        _stream = _text.IsEmpty ? ByteSpan.Absent : batch.Append(_text.Bytes);
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    record struct Shared(JsonPath Path, int Start, int NameLength, int Length, ValueKind Kind, bool IsOfStream)
    {
        public ByteSpan Value { get; set; }
    }
}
