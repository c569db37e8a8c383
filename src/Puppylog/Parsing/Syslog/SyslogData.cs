using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Parsing.Syslog;

/// <summary>
/// The structured data of a line (RFC 5424 §6.3): <c>[id@1 a="b" c="d"][id2]</c>. The parameter <c>a</c> is the field
/// <c>id@1.a</c>. In values <c>\" \\ \]</c> are undone.
/// </summary>
sealed class SyslogData
{
    const int MaxName = 512;
    const int MaxKnown = 4096;

    readonly JsonColumns _columns = new();
    readonly byte[] _name = new byte[MaxName];
    JsonPaths _paths = new();
    Parameter[] _parameters = new Parameter[16];
    RecordBatch _batch = null!;
    int _count;
    bool _isWhole;

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _columns.Bind(batch);
        if (_paths.Count > MaxKnown)
        {
            _paths = new();
        }
    }

    public void Begin()
    {
        _count = 0;
        _isWhole = true;
    }

    /// <summary>Reads from the first bracket, or the dash, to behind the last; the reason where it is none, else null.</summary>
    public string? Read(ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at] == '-')
        {
            at++;
            return null;
        }

        if (text[at] != '[')
        {
            return "expected structured data in brackets, or a dash";
        }

        while (at < text.Length && text[at] == '[')
        {
            at++;
            var id = text[at..].IndexOfAny((byte)' ', (byte)']');
            if (id <= 0)
            {
                return "expected the id of the structured data and ] behind it";
            }

            var name = text.Slice(at, id);
            at += id;
            while (at < text.Length && text[at] == ' ')
            {
                at++;
                if (ReadParameter(text, ref at, name) is { } reason)
                {
                    return reason;
                }
            }

            if (at == text.Length || text[at] != ']')
            {
                return "expected ] after the structured data";
            }

            at++;
        }

        return null;
    }

    string? ReadParameter(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> id)
    {
        var length = text[at..].IndexOf((byte)'=');
        if (length <= 0 || at + length + 1 >= text.Length || text[at + length + 1] != '"')
        {
            return "expected name=\"value\" in the structured data";
        }

        var name = text.Slice(at, length);
        var start = at + length + 2;
        var end = start;
        var isEscaped = false;
        while (true)
        {
            var next = text[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return "a value of the structured data is not closed";
            }

            end += next;
            if (text[end] == '"')
            {
                break;
            }

            isEscaped = true;
            end = Math.Min(end + 2, text.Length);
        }

        at = end + 1;
        if (id.Length + name.Length >= MaxName)
        {
            _isWhole = false;
            return null;
        }

        id.CopyTo(_name);
        _name[id.Length] = (byte)'.';
        name.CopyTo(_name.AsSpan(id.Length + 1));
        if (_count == _parameters.Length)
        {
            Array.Resize(ref _parameters, _count * 2);
        }

        _parameters[_count++] = new(_paths.Find(_name.AsSpan(0, id.Length + 1 + name.Length), isTop: false), start, end, isEscaped);
        return null;
    }

    public void Sketch(LineSketch sketch)
    {
        if (!_isWhole)
        {
            sketch.Spoil();
        }

        foreach (ref readonly var parameter in _parameters.AsSpan(0, _count))
        {
            if (parameter.IsEscaped)
            {
                sketch.Spoil();
            }

            sketch.Add(parameter.Start, parameter.End, parameter.Path.Name);
        }
    }

    public void Set(int row, ByteSpan line)
    {
        foreach (ref readonly var parameter in _parameters.AsSpan(0, _count))
        {
            var value = new ByteSpan(line.Offset + parameter.Start, parameter.End - parameter.Start);
            _columns.Set(row, parameter.Path, parameter.IsEscaped ? Unescaped(value) : value, ValueKind.Text);
        }
    }

    ByteSpan Unescaped(ByteSpan value)
    {
        var target = _batch.Reserve(value.Length);
        var text = _batch.Value(value);
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is (byte)'"' or (byte)'\\' or (byte)']')
            {
                i++;
            }

            target[length++] = text[i];
        }

        return _batch.Advance(length);
    }

    /// <summary>A parameter: its field and where its value lies in the line.</summary>
    readonly record struct Parameter(JsonPath Path, int Start, int End, bool IsEscaped);
}
