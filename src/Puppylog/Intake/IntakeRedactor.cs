using System.Buffers;
using System.Text;
using Puppylog.Parsing.Json;
using Puppylog.Processing.Options;
using Puppylog.Processing.Redaction;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>
/// Redacts what comes as lines, and what comes as fields that were never in a line: such a field is looked at as the object
/// of JSON that it would be, so that its name counts. Not thread-safe; what it gives holds until the next call.
/// </summary>
sealed class IntakeRedactor
{
    /// <summary>Buffers grow with the longest text; larger ones are not kept for others.</summary>
    const int LongestKept = 1 << 20;

    /// <summary>What a string of JSON cannot hold as it is (RFC 8259, 7).</summary>
    static readonly SearchValues<byte> Escaped = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    readonly LineRedactor _lines;

    /// <summary>Own patterns may mean a whole value (<c>^…$</c>).</summary>
    readonly LineRedactor? _values;
    byte[] _flat = [];
    byte[] _object = new byte[256];
    byte[] _name = [];
    byte[] _value = [];
    int _length;

    IntakeRedactor(LineRedactor lines, LineRedactor? values) => (_lines, _values) = (lines, values);

    /// <summary>False where it has met a text so long that it is better forgotten.</summary>
    public bool IsSmall { get; private set; } = true;

    /// <summary>Null where nothing is to be redacted.</summary>
    public static IntakeRedactor? Create(IReadOnlyList<ProcessorOptions> options) => LineRedactor.Create(options) is { } lines
        ? new(lines, LineRedactor.Create(options.OfType<RedactOptions>().Where(redact => !redact.Patterns.IsDefaultOrEmpty).Select(redact => redact with { Detectors = [] })))
        : null;

    /// <summary>Places that were rewritten since the last call.</summary>
    public long TakeCount() => _lines.TakeCount() + (_values?.TakeCount() ?? 0);

    /// <summary>A text of one or several lines. JSON over several lines is looked at as one, and is one where something is replaced.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> text)
    {
        IsSmall &= text.Length <= LongestKept;
        if (text.Contains((byte)'\n') && IsJson(text))
        {
            var flat = Room(ref _flat, text.Length)[..text.Length];
            text.CopyTo(flat);
            flat.Replace((byte)'\n', (byte)' ');
            var redacted = _lines.Redact(flat);
            if (!redacted.SequenceEqual(flat))
            {
                return redacted;
            }
        }

        return _lines.Redact(text);
    }

    /// <summary>A field that comes by itself: a label, an attribute.</summary>
    public void Field(ref ReadOnlySpan<byte> name, ref ReadOnlySpan<byte> value, ref ValueKind kind)
    {
        IsSmall &= value.Length <= LongestKept;
        _length = 0;
        Put("{"u8);
        PutQuoted(name);
        Put(":"u8);
        if (kind == ValueKind.Text)
        {
            PutQuoted(value);
        }
        else
        {
            Put(value);
        }

        Put("}"u8);
        var whole = _object.AsSpan(0, _length);
        var redacted = _lines.Redact(whole);
        if (!redacted.SequenceEqual(whole))
        {
            Read(redacted, ref name, ref value, ref kind);
        }

        if (_values is not null && kind == ValueKind.Text)
        {
            value = _values.Redact(value);
        }
    }

    static bool IsJson(ReadOnlySpan<byte> text)
    {
        var at = JsonText.SkipWhite(text, 0);
        return at < text.Length && text[at] is (byte)'{' or (byte)'[' && JsonTokens.Skip(text, ref at, 0, out _, out _) is null && JsonText.SkipWhite(text, at) == text.Length;
    }

    /// <summary>What a redacted object says; where it is none any more, nothing of the field is kept.</summary>
    void Read(ReadOnlySpan<byte> redacted, ref ReadOnlySpan<byte> name, ref ReadOnlySpan<byte> value, ref ValueKind kind)
    {
        var at = 1;
        if (redacted is [(byte)'{', (byte)'"', ..] && JsonTokens.Skip(redacted, ref at, 0, out _, out _) is null)
        {
            var (nameEnd, start) = (at, ++at);
            if (start < redacted.Length && JsonTokens.Skip(redacted, ref at, 0, out var found, out _) is null && at == redacted.Length - 1)
            {
                name = Unquoted(redacted[1..nameEnd], ref _name);
                value = found == ValueKind.Text ? Unquoted(redacted[start..at], ref _value) : redacted[start..at];
                kind = found;
                return;
            }
        }

        name = "redacted"u8;
        value = "***"u8;
        kind = ValueKind.Text;
    }

    static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> quoted, ref byte[] room)
    {
        var escaped = quoted[1..^1];
        return Room(ref room, escaped.Length)[..JsonText.Unescape(escaped, room)];
    }

    static Span<byte> Room(ref byte[] room, int length)
    {
        if (room.Length < length)
        {
            room = new byte[Math.Max(length, room.Length * 2)];
        }

        return room;
    }

    void PutQuoted(ReadOnlySpan<byte> text)
    {
        Put("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var next)
        {
            Put(text[..next]);
            PutEscaped(text[next]);
            text = text[(next + 1)..];
        }

        Put(text);
        Put("\""u8);
    }

    void PutEscaped(byte one)
    {
        switch (one)
        {
            case (byte)'"':
                Put("\\\""u8);
                break;
            case (byte)'\\':
                Put("\\\\"u8);
                break;
            case (byte)'\n':
                Put("\\n"u8);
                break;
            case (byte)'\r':
                Put("\\r"u8);
                break;
            case (byte)'\t':
                Put("\\t"u8);
                break;
            default:
                Put(Encoding.ASCII.GetBytes($"\\u{one:x4}"));
                break;
        }
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        if (_object.Length - _length < bytes.Length)
        {
            Array.Resize(ref _object, Math.Max(_length + bytes.Length, _object.Length * 2));
        }

        bytes.CopyTo(_object.AsSpan(_length));
        _length += bytes.Length;
    }
}
