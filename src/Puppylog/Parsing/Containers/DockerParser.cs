using Puppylog.Parsing.Json;
using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>The log files of Docker's json-file driver (<see cref="DockerLine"/>).</summary>
sealed class DockerParser : ContainerParser
{
    const string Attributes = "attrs";

    static readonly RecordShape DockerShape = new("docker", [], []);

    readonly TimeReader _times = new();
    readonly JsonWriters _writers = new();
    BatchColumn? _attributes;

    public override RecordShape Shape => DockerShape;

    public override LineJoin? CreateJoin() => new DockerJoin();

    public override void Bind(RecordBatch batch)
    {
        base.Bind(batch);
        _attributes = null;
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = Batch.Value(line);
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
        var message = newline < 0 ? Message(line, docker) : Joined(line);
        var inner = AddMessage(message, time);
        var row = Wrap(
            line,
            newline < 0 && form is not null && !docker.IsPartial ? Template(line, docker, form, message, inner) : (byte)0,
            Placed(line, docker.Stream),
            form is null ? Placed(line, docker.Time) : ByteSpan.Absent);
        if (!docker.Attributes.IsAbsent)
        {
            (_attributes ??= Batch.Column(Attributes)).Set(row, Placed(line, docker.Attributes), ValueKind.Json);
        }

        return true;
    }

    static ByteSpan Placed(ByteSpan line, ByteSpan place) => place with { Offset = line.Offset + place.Offset };

    ByteSpan Message(ByteSpan line, in DockerLine docker)
    {
        var log = Placed(line, docker.Log);
        if (!docker.IsEscaped)
        {
            return log;
        }

        var target = Batch.Reserve(log.Length);
        return Batch.Advance(JsonText.Unescape(Batch.Value(log), target));
    }

    byte Template(ByteSpan line, in DockerLine docker, TimeForm form, ByteSpan message, LineTemplate? inner)
    {
        var text = Batch.Value(line);
        JsonEscapes? escapes = null;
        if (docker.IsEscaped && (escapes = _writers.Find(Batch.Value(message), text.Slice(docker.Log.Offset, docker.Log.Length))) is null)
        {
            return 0;
        }

        Sketch.Begin();
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
                Sketch.AddTime(place.Offset, place.End, form);
            }
            else if (place == docker.Log)
            {
                SketchMessage(place, message, inner, escapes);
            }
            else
            {
                Sketch.Add(place.Offset, place.End, place == docker.Stream ? Stream : Attributes);
            }
        }

        return Sketch.Template(text);
    }

    void SketchMessage(ByteSpan place, ByteSpan message, LineTemplate? inner, JsonEscapes? escapes)
    {
        if (Batch.Messages[^1] != message)
        {
            if (inner is null)
            {
                Sketch.Spoil();
                return;
            }

            Sketch.AddInner(place.Offset, place.End, inner, escapes);
        }
        else if (escapes is null)
        {
            Sketch.Add(place.Offset, place.End, FieldNames.Message);
        }
        else
        {
            Sketch.AddEscaped(place.Offset, place.End, FieldNames.Message, escapes);
        }
    }

    /// <summary>The messages of the joined lines: a partial one's goes on without a newline.</summary>
    ByteSpan Joined(ByteSpan line)
    {
        var target = Batch.Reserve(line.Length);
        var rest = Batch.Value(line);
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
                return Batch.Advance(length);
            }

            rest = rest[(newline + 1)..];
        }
    }
}
