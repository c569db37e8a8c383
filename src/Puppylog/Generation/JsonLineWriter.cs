using System.Buffers.Text;
using Puppylog.Records;

namespace Puppylog.Generation;

/// <summary>Lines of an application: time, level, message, names, a trace and nested data.</summary>
sealed class JsonLineWriter(Randomness random) : LineWriter(random)
{
    static readonly byte[][] Services =
    [
        "checkout"u8.ToArray(), "catalogue"u8.ToArray(), "search"u8.ToArray(), "payments"u8.ToArray(), "accounts"u8.ToArray(), "mail"u8.ToArray(),
    ];

    static readonly WeightedChoice Service = WeightedChoice.Zipf(6);

    readonly Traffic _traffic = new(random);
    readonly byte[] _time = new byte[Timestamps.MaxRfc3339Length];

    public override int Write(long time, Span<byte> target)
    {
        var visit = _traffic.Next();
        var level = visit.Status >= 500 ? "error"u8 : visit.Status >= 400 || visit.Microseconds > 1_000_000 ? "warn"u8 : Random.Below(10) == 0 ? "debug"u8 : "info"u8;
        var at = Put(target, 0, "{\"time\":\""u8);
        // Milliseconds always, as loggers write them.
        var length = Timestamps.FormatRfc3339((Timestamps.FloorDiv(time, 1_000_000) * 1_000_000) + 1, _time);
        at = Put(target, at, _time.AsSpan(0, Math.Min(length, 23)));
        at = Put(target, at, "Z\",\"level\":\""u8);
        at = Put(target, at, level);
        at = Put(target, at, "\",\"application_name\":\""u8);
        at = Put(target, at, Services[Service.Pick(Random)]);
        at = Put(target, at, "\",\"trace_id\":\""u8);
        Utf8Formatter.TryFormat(Random.Next(), target[at..], out _, new('x', 16));
        Utf8Formatter.TryFormat(Random.Next(), target[(at + 16)..], out _, new('x', 16));
        at = Put(target, at + 32, "\",\"msg\":\""u8);
        at = PutMessage(target, at, visit);
        at = Put(target, at, "\",\"data\":{\"client\":\""u8);
        at = Put(target, at, visit.Client);
        at = Put(target, at, "\",\"method\":\""u8);
        at = Put(target, at, visit.Method);
        at = Put(target, at, "\",\"route\":\""u8);
        at = Put(target, at, visit.Route);
        at = Put(target, at, "\",\"status\":"u8);
        at = Put(target, at, visit.Status);
        at = Put(target, at, ",\"duration_ms\":"u8);
        at = PutThousandths(target, at, visit.Microseconds);
        return Put(target, at, "}}\n"u8);
    }

    int PutMessage(Span<byte> target, int at, in Visit visit)
    {
        if (visit.Status >= 500)
        {
            at = Put(target, at, "upstream db-"u8);
            at = Put(target, at, Random.Between(1, 4));
            at = Put(target, at, Random.Below(2) == 0 ? " refused the connection after "u8 : " did not answer within "u8);
            return PutMilliseconds(target, at, visit);
        }

        switch (Random.Below(12))
        {
            case 0:
                at = Put(target, at, "cache miss for product:"u8);
                return Put(target, at, Random.Between(100, 9999));
            case 1:
                at = Put(target, at, "payment of "u8);
                at = PutThousandths(target, at, Random.Between(100, 50_000) * 10) - 1;
                at = Put(target, at, " EUR authorised for cust_"u8);
                return Put(target, at, visit.ClientNumber + 1);
            case 2:
                at = Put(target, at, "order "u8);
                at = Put(target, at, Random.Between(100_000, 999_999));
                return Put(target, at, " handed over to the warehouse"u8);
            case 3:
                at = Put(target, at, "query returned "u8);
                at = Put(target, at, Random.Below(500));
                at = Put(target, at, " rows in "u8);
                return PutMilliseconds(target, at, visit);
            default:
                at = Put(target, at, visit.Method);
                at = Put(target, at, " finished with "u8);
                at = Put(target, at, visit.Status);
                at = Put(target, at, " in "u8);
                return PutMilliseconds(target, at, visit);
        }
    }

    static int PutMilliseconds(Span<byte> target, int at, in Visit visit) => Put(target, Put(target, at, visit.Microseconds / 1000), " ms"u8);
}
