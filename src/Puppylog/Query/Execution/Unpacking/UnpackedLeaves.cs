using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Unpacking;

/// <summary>The value that is being unpacked, and its leaves so far.</summary>
sealed class UnpackedLeaves : JsonLeaves
{
    const int UsualFields = 64;

    /// <summary>Room for more fields than this is given back.</summary>
    const int MostFields = 1024 * UsualFields;

    JsonField[] _fields = new JsonField[UsualFields];

    /// <summary>The value, and behind it the strings whose escapes were undone: none is longer than it was.</summary>
    byte[] _bytes = new byte[512];
    int _length;
    int _end;
    int _count;

    /// <summary>Their values are places among the bytes of <see cref="Value"/>.</summary>
    public override ReadOnlySpan<JsonField> Fields => _fields.AsSpan(0, _count);

    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    /// <summary>False where a value was passed over: another text of the same form cannot be read without its names.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes a copy of the value: those of some columns hold until the next one is asked for.</summary>
    public void Hold(ReadOnlySpan<byte> text)
    {
        if (_bytes.Length < text.Length * 2L)
        {
            _bytes = new byte[Math.Min(text.Length * 2L, Array.MaxLength)];
        }

        text.CopyTo(_bytes);
        _length = text.Length;
        Begin();
    }

    /// <summary>Begins to read the text anew.</summary>
    public void Begin()
    {
        if (_fields.Length > MostFields)
        {
            _fields = new JsonField[UsualFields];
        }

        (_count, _end, IsWhole) = (0, _length, true);
    }

    public ReadOnlySpan<byte> Value(ByteSpan span) => _bytes.AsSpan(span.Offset, span.Length);

    public override void Skip() => IsWhole = false;

    public override void Add(JsonPath path, int start, int end, int depth, ValueKind kind, bool isEscaped)
    {
        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, _count * 2);
        }

        var value = new ByteSpan(start, end - start);
        if (isEscaped)
        {
            value = new(_end, JsonText.Unescape(_bytes.AsSpan(start, end - start), _bytes.AsSpan(_end)));
            _end = value.End;
        }

        _fields[_count++] = new(path, value, kind, start, end, depth, Escapes: null);
    }
}
