using Puppylog.Records;

namespace Puppylog.Generation;

/// <summary>Common or Combined Log Format.</summary>
sealed class AccessLineWriter(Randomness random, bool isCombined) : LineWriter(random)
{
    readonly Traffic _traffic = new(random);

    // ` - - [10/Oct/2000:13:55:36 +0000] "` of the second that was written last.
    readonly byte[] _middle = " - - [00/Jan/0000:00:00:00 +0000] \""u8.ToArray();
    long _second = long.MinValue;

    public override int Write(long time, Span<byte> target)
    {
        var second = Timestamps.FloorDiv(time, Timestamps.Second);
        if (second != _second)
        {
            Timestamps.FormatClf(time, "+0000"u8, _middle.AsSpan(6));
            _second = second;
        }

        var visit = _traffic.Next();
        var at = Put(target, 0, visit.Client);
        at = Put(target, at, _middle);
        at = Put(target, at, visit.Method);
        target[at++] = (byte)' ';
        at = Put(target, at, visit.Route);
        at = Put(target, at, (visit.ClientNumber & 3) == 0 ? " HTTP/1.1\" "u8 : " HTTP/2.0\" "u8);
        at = Put(target, at, visit.Status);
        target[at++] = (byte)' ';
        at = visit.Size < 0 ? Put(target, at, "-"u8) : Put(target, at, visit.Size);
        if (isCombined)
        {
            at = Put(target, at, " \""u8);
            at = Put(target, at, visit.Referrer);
            at = Put(target, at, visit.ReferringPage);
            at = Put(target, at, "\" \""u8);
            at = Put(target, at, visit.Agent);
            target[at++] = (byte)'"';
        }

        target[at++] = (byte)'\n';
        return at;
    }
}
