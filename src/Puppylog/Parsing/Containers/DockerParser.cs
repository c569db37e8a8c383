using Puppylog.Parsing.Json;
using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>
/// The log files of Docker's json-file driver (<see cref="DockerLine"/>). What the container wrote is the message, and is read
/// further where its format is known (<see cref="InnerMessage"/>).
/// </summary>
sealed class DockerParser : LineParser
{
    const string Attributes = "attrs";

    static readonly RecordShape DockerShape = new("docker", [], []);

    readonly TimeReader _times = new();
    readonly LineSketch _sketch = new();
    readonly InnerMessage _inner = new();
    readonly JsonWriters _writers = new();
    RecordBatch _batch = null!;
    BatchColumn _stream = null!;
    BatchColumn? _attributes;
    BatchColumn? _lineTime;

    public override string Format => Shape.Format;

    public override RecordShape Shape => DockerShape;

    /// <summary>What the container wrote is looked into.</summary>
    public bool ReadsMessage { get; init; } = true;

    public override LineJoin? CreateJoin() => new DockerJoin();

    /// <remarks>Each container writes a format of its own.</remarks>
    public override bool LearnsStream => true;

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _sketch.Bind(batch);
        _inner.Bind(batch);
        _stream = batch.Column(CriParser.Stream);
        _attributes = _lineTime = null;
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        var newline = text.IndexOf((byte)'\n');
        var first = newline < 0 ? text : text[..newline];
        first = first is [.., (byte)'\r'] ? first[..^1] : first;
        if (!DockerLine.TryRead(first, out var docker)
            || !_times.TryRead(first.Slice(docker.Time.Offset, docker.Time.Length), ReadTime, out var time, out var length) || length != docker.Time.Length)
        {
            reason = "expected a container's line like {\"log\":\"message\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-21T14:00:05.123456789Z\"}";
            return false;
        }

        reason = null;
        var form = ReplaceTimes ? null : _times.Form;
        time = ReplaceTimes ? ReadTime : time;
        var message = newline < 0 ? Message(line, docker) : Joined(line);
        LineTemplate? inner = null;
        if (ReadsMessage)
        {
            inner = _inner.Add(message, time);
        }
        else
        {
            _batch.Add(time, message, message, 0);
        }

        var row = _batch.Count - 1;
        _batch.Wrap(row, line, newline < 0 && form is not null && !docker.IsPartial ? Template(line, docker, form, message, inner) : (byte)0);
        _stream.Set(row, docker.Stream with { Offset = line.Offset + docker.Stream.Offset });
        if (!docker.Attributes.IsAbsent)
        {
            (_attributes ??= _batch.Column(Attributes)).Set(row, docker.Attributes with { Offset = line.Offset + docker.Attributes.Offset }, ValueKind.Json);
        }

        if (form is null && _batch.Templates[row] == 0)
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, docker.Time with { Offset = line.Offset + docker.Time.Offset });
        }

        return true;
    }

    ByteSpan Message(ByteSpan line, in DockerLine docker)
    {
        var log = docker.Log with { Offset = line.Offset + docker.Log.Offset };
        if (!docker.IsEscaped)
        {
            return log;
        }

        var target = _batch.Reserve(log.Length);
        return _batch.Advance(JsonText.Unescape(_batch.Value(log), target));
    }

    byte Template(ByteSpan line, in DockerLine docker, TimeForm form, ByteSpan message, LineTemplate? inner)
    {
        var text = _batch.Value(line);
        JsonEscapes? escapes = null;
        if (docker.IsEscaped && (escapes = _writers.Find(_batch.Value(message), text.Slice(docker.Log.Offset, docker.Log.Length))) is null)
        {
            return 0;
        }

        _sketch.Begin();
        Span<ByteSpan> places = [docker.Log, docker.Stream, docker.Time, docker.Attributes];
        places.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        foreach (var place in places)
        {
            if (place.IsAbsent)
            {
                continue;
            }

            if (place == docker.Time)
            {
                _sketch.AddTime(place.Offset, place.End, form);
            }
            else if (place == docker.Log)
            {
                SketchMessage(place, message, inner, escapes);
            }
            else
            {
                _sketch.Add(place.Offset, place.End, place == docker.Stream ? CriParser.Stream : Attributes);
            }
        }

        return _sketch.Template(text);
    }

    void SketchMessage(ByteSpan place, ByteSpan message, LineTemplate? inner, JsonEscapes? escapes)
    {
        if (_batch.Messages[^1] != message)
        {
            if (inner is null)
            {
                _sketch.Spoil();
                return;
            }

            _sketch.AddInner(place.Offset, place.End, inner, escapes);
        }
        else if (escapes is null)
        {
            _sketch.Add(place.Offset, place.End, FieldNames.Message);
        }
        else
        {
            _sketch.AddEscaped(place.Offset, place.End, FieldNames.Message, escapes);
        }
    }

    /// <summary>The messages of the joined lines: a partial one's goes on without a newline.</summary>
    ByteSpan Joined(ByteSpan line)
    {
        var target = _batch.Reserve(line.Length);
        var rest = _batch.Value(line);
        var length = 0;
        var isPartial = true;
        while (true)
        {
            var newline = rest.IndexOf((byte)'\n');
            var one = newline < 0 ? rest : rest[..newline];
            var text = one is [.., (byte)'\r'] ? one[..^1] : one;
            if (!isPartial)
            {
                target[length++] = (byte)'\n';
            }

            if (DockerLine.TryRead(text, out var docker))
            {
                length += JsonText.Unescape(text.Slice(docker.Log.Offset, docker.Log.Length), target[length..]);
                isPartial = docker.IsPartial;
            }
            else
            {
                one.CopyTo(target[length..]);
                length += one.Length;
                isPartial = false;
            }

            if (newline < 0)
            {
                return _batch.Advance(length);
            }

            rest = rest[(newline + 1)..];
        }
    }
}
