using Puppylog.Records;

namespace Puppylog.Storage.Postgres;

/// <summary>Times as PostgreSQL has them: microseconds since 2000-01-01 UTC. What is finer stands in the column <c>nanos</c>.</summary>
static class PostgresTime
{
    /// <summary>2000-01-01 in microseconds since 1970.</summary>
    const long Epoch = 946_684_800_000_000;

    public static long Microseconds(long nanoseconds) => Timestamps.FloorDiv(nanoseconds, 1000) - Epoch;

    public static short Nanos(long nanoseconds) => (short)(nanoseconds - (Timestamps.FloorDiv(nanoseconds, 1000) * 1000));

    /// <summary>Times that others wrote may lie outside of what the product holds (also <c>infinity</c>): the nearest that it does.</summary>
    public static long Nanoseconds(long microseconds, short nanos)
    {
        var total = ((Int128)microseconds + Epoch) * 1000 + nanos;
        return total > long.MaxValue ? long.MaxValue : total < long.MinValue ? long.MinValue : (long)total;
    }
}
