using System.Globalization;
using Puppylog.Query;
using Puppylog.Query.Filters.Times;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Stats;

/// <summary>Counts requests per day; what a day came to is kept until a commit touches it.</summary>
/// <param name="store">Where the records are.</param>
/// <param name="clock">What time it is.</param>
sealed class RequestStats(ILogStore store, TimeProvider clock)
{
    /// <summary>Nanoseconds.</summary>
    public const long DayLength = 86_400 * Timestamps.Second;

    static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    const long CacheBytes = 32L << 20;

    /// <summary>Days apart that are asked for one by one; more are asked for together.</summary>
    const int MostRuns = 8;

    readonly StoredDays _days = new((IEmbeddedStore)store, clock);

    public TallyCache Cache { get; } = new(CacheBytes);

    /// <summary>Null where there is nothing of it in the store.</summary>
    /// <param name="question">Whose requests.</param>
    /// <param name="from">The first day.</param>
    /// <exception cref="LogStoreException">The store cannot be read.</exception>
    public async Task<StatsReply?> AskAsync(StatsQuestion question, DateOnly from, CancellationToken cancellationToken)
    {
        var first = from.DayNumber - EpochDay;
        var versions = _days.Read();
        var days = versions.Keys.Where(day => day >= first).Order().ToList();
        var found = new SortedDictionary<long, RequestTally>();
        var missing = new List<long>();
        foreach (var day in days)
        {
            if (Cache.Find(question, day, versions[day]) is { } tally)
            {
                found[day] = tally;
            }
            else
            {
                missing.Add(day);
            }
        }

        await CountAsync(question, missing, versions, found, cancellationToken);
        var mostDurations = MostDurations(days.Count);
        var whole = new RequestTally(mostDurations);
        foreach (var tally in found.Values)
        {
            whole.Merge(tally);
        }

        return whole.Requests == 0 && !await IsKnownAsync(question, cancellationToken) ? null : Reply(from, whole, found);
    }

    async Task CountAsync(
        StatsQuestion question, List<long> missing, IReadOnlyDictionary<long, ulong> versions, SortedDictionary<long, RequestTally> found, CancellationToken cancellationToken)
    {
        foreach (var (begin, end) in Runs(missing))
        {
            var sink = new TallySink(MostDurations(missing.Count));
            var filter = new WindowFilter(question.Filter(Timestamps.Now(clock)), Time(begin), Time(end + 1));
            await store.QueryAsync(new LogQuery(filter, []), sink, cancellationToken);
            foreach (var day in missing.Where(day => day >= begin && day <= end))
            {
                var tally = found[day] = sink.Days.GetValueOrDefault(day) ?? new RequestTally(0);
                Cache.Keep(question, day, versions[day], tally);
            }
        }
    }

    /// <summary>Neighbouring days; all between the first and the last where there are many such.</summary>
    static List<(long Begin, long End)> Runs(List<long> days)
    {
        var runs = new List<(long Begin, long End)>();
        foreach (var day in days)
        {
            if (runs.Count > 0 && runs[^1].End == day - 1)
            {
                runs[^1] = (runs[^1].Begin, day);
            }
            else
            {
                runs.Add((day, day));
            }
        }

        return runs.Count > MostRuns ? [(days[0], days[^1])] : runs;
    }

    async Task<bool> IsKnownAsync(StatsQuestion question, CancellationToken cancellationToken)
    {
        var sink = new TallySink(0);
        await store.QueryAsync(new LogQuery(question.Filter(Timestamps.Now(clock)), [new LimitPipe(1)]), sink, cancellationToken);
        return sink.Days.Count > 0;
    }

    /// <summary>Milliseconds up to 8 s are told apart; of years fewer.</summary>
    static int MostDurations(int days) => days > 400 ? 512 : 8192;

    static long Time(long day) => (long)Int128.Clamp((Int128)day * DayLength, long.MinValue, long.MaxValue);

    static StatsReply Reply(DateOnly from, RequestTally whole, SortedDictionary<long, RequestTally> days) => new(
        Text(from), whole.Requests, whole.Successful, whole.Requests - whole.Successful,
        whole.Requests == 0 ? null : Uptime(whole), Seconds(whole.Average), Seconds(whole.Quantile(0.5)), Seconds(whole.Quantile(0.99)),
        [
            .. days.Where(day => day.Value.Requests > 0).Select(day => new DayStats(
                Text(DateOnly.FromDayNumber((int)day.Key + EpochDay)), day.Value.Requests, day.Value.Successful, day.Value.Requests - day.Value.Successful,
                Uptime(day.Value), Seconds(day.Value.Average), Seconds(day.Value.Quantile(0.5)), Seconds(day.Value.Quantile(0.99)))),
        ]);

    static double Uptime(RequestTally tally) => Math.Round(100.0 * tally.Successful / tally.Requests, 4);

    static double? Seconds(double? value) => value is { } seconds ? Math.Round(seconds, 6) : null;

    static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
