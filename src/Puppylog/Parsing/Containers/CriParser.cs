using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>The log files of containerd and CRI-O (<see cref="CriLine"/>).</summary>
sealed class CriParser : ContainerParser
{
    static readonly RecordShape CriShape = new("cri", [], []);

    readonly TimeReader _times = new();

    public override RecordShape Shape => CriShape;

    public override LineJoin? CreateJoin() => new CriJoin();

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = Batch.Value(line);
        if (!CriLine.TryRead(text, out var cri) || !_times.TryRead(text, ReadTime, out var time, out var length) || length != cri.TimeEnd)
        {
            reason = "expected a container's line like 2026-11-21T14:00:05.123456789Z stdout F message";
            return false;
        }

        reason = null;
        var form = ReplaceTimes ? null : _times.Form;
        var isOne = !text.Contains((byte)'\n');
        var inner = AddMessage(isOne ? new ByteSpan(line.Offset + cri.MessageStart, text.Length - cri.MessageStart) : Joined(line), time);
        Wrap(
            line,
            isOne && form is not null ? Template(line, form, inner) : (byte)0,
            new(line.Offset + cri.StreamStart, cri.StreamEnd - cri.StreamStart),
            form is null ? new(line.Offset, length) : ByteSpan.Absent);
        return true;
    }

    byte Template(ByteSpan line, TimeForm form, LineTemplate? inner)
    {
        var text = Batch.Value(line);
        CriLine.TryRead(text, out var cri);
        Sketch.Begin();
        Sketch.AddTime(0, cri.TimeEnd, form);
        Sketch.Add(cri.StreamStart, cri.StreamEnd, Stream);
        if (Batch.Messages[^1] == new ByteSpan(line.Offset + cri.MessageStart, text.Length - cri.MessageStart))
        {
            Sketch.Add(cri.MessageStart, text.Length, FieldNames.Message);
        }
        else if (inner is not null)
        {
            Sketch.AddInner(cri.MessageStart, text.Length, inner, null);
        }
        else
        {
            return 0;
        }

        return Sketch.Template(text);
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
                return Batch.Advance(length);
            }

            rest = rest[(newline + 1)..];
        }
    }
}
