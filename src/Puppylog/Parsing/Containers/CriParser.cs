using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>
/// The log files of containerd and CRI-O (<see cref="CriLine"/>). What the container wrote is the message, and is read
/// further where its format is known (<see cref="InnerMessage"/>).
/// </summary>
sealed class CriParser : LineParser
{
    public const string Stream = "stream";

    static readonly RecordShape CriShape = new("cri", [], []);

    readonly TimeReader _times = new();
    readonly LineSketch _sketch = new();
    readonly InnerMessage _inner = new();
    RecordBatch _batch = null!;
    BatchColumn _stream = null!;
    BatchColumn? _lineTime;

    public override string Format => Shape.Format;

    public override RecordShape Shape => CriShape;

    /// <summary>What the container wrote is looked into.</summary>
    public bool ReadsMessage { get; init; } = true;

    public override LineJoin? CreateJoin() => new CriJoin();

    /// <remarks>Each container writes a format of its own.</remarks>
    public override bool LearnsStream => true;

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _sketch.Bind(batch);
        _inner.Bind(batch);
        _stream = batch.Column(Stream);
        _lineTime = null;
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        if (!CriLine.TryRead(text, out var cri) || !_times.TryRead(text, ReadTime, out var time, out var length) || length != cri.TimeEnd)
        {
            reason = "expected a container's line like 2026-11-21T14:00:05.123456789Z stdout F message";
            return false;
        }

        reason = null;
        var form = ReplaceTimes ? null : _times.Form;
        var stream = new ByteSpan(line.Offset + cri.StreamStart, cri.StreamEnd - cri.StreamStart);
        var isOne = !text.Contains((byte)'\n');
        var message = isOne ? new ByteSpan(line.Offset + cri.MessageStart, text.Length - cri.MessageStart) : Joined(line);
        time = ReplaceTimes ? ReadTime : time;
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
        _batch.Wrap(row, line, isOne && form is not null ? Template(line, form, inner) : (byte)0);
        _stream.Set(row, stream);
        if (form is null && _batch.Templates[row] == 0)
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, new(line.Offset, length));
        }

        return true;
    }

    byte Template(ByteSpan line, TimeForm form, LineTemplate? inner)
    {
        var text = _batch.Value(line);
        CriLine.TryRead(text, out var cri);
        _sketch.Begin();
        _sketch.AddTime(0, cri.TimeEnd, form);
        _sketch.Add(cri.StreamStart, cri.StreamEnd, Stream);
        if (_batch.Messages[^1] == new ByteSpan(line.Offset + cri.MessageStart, text.Length - cri.MessageStart))
        {
            _sketch.Add(cri.MessageStart, text.Length, FieldNames.Message);
        }
        else if (inner is not null)
        {
            _sketch.AddInner(cri.MessageStart, text.Length, inner, null);
        }
        else
        {
            return 0;
        }

        return _sketch.Template(text);
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
            if (!isPartial)
            {
                target[length++] = (byte)'\n';
            }

            isPartial = CriLine.TryRead(one, out var cri) && cri.IsPartial;
            var message = one[cri.MessageStart..];
            message.CopyTo(target[length..]);
            length += message.Length;
            if (newline < 0)
            {
                return _batch.Advance(length);
            }

            rest = rest[(newline + 1)..];
        }
    }
}
