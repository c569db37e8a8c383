using Puppylog.Processing.Options;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;

namespace Puppylog.Processing.Steps;

/// <summary>A bucket of tokens for each stream, filled by the clock.</summary>
sealed class RateLimitProcessor(RateLimitOptions options, TimeProvider clock) : Processor(options)
{
    /// <summary>Streams that are remembered; past it, those are forgotten whose bucket is full again, else all.</summary>
    public const int MostStreams = 10_000;

    readonly double _burst = options.Burst > 0 ? options.Burst : Math.Max(1, options.PerSecond);
    readonly Dictionary<UInt128, Bucket> _buckets = [];

    /// <summary>Those that are remembered.</summary>
    public int Streams => _buckets.Count;

    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        var now = clock.GetTimestamp();
        var column = FieldResolver.Resolve(batch.View, options.By);
        var last = default(UInt128);
        Bucket? bucket = null;
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var key = column is null ? 0 : ByteHash.Wide(column.Value(row));
            if (bucket is null || key != last)
            {
                bucket = Find(key, now);
                last = key;
            }

            if (bucket.Tokens < 1)
            {
                batch.Drop(row, DropReason.Rate);
            }
            else
            {
                bucket.Tokens--;
            }
        }
    }

    Bucket Find(UInt128 key, long now)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            if (_buckets.Count >= MostStreams)
            {
                Forget(now);
            }

            bucket = new Bucket { Tokens = _burst, Since = now };
            _buckets.Add(key, bucket);
            return bucket;
        }

        bucket.Tokens = Tokens(bucket, now);
        bucket.Since = now;
        return bucket;
    }

    double Tokens(Bucket bucket, long now) =>
        Math.Min(_burst, bucket.Tokens + (clock.GetElapsedTime(bucket.Since, now).TotalSeconds * options.PerSecond));

    void Forget(long now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (Tokens(bucket, now) >= _burst)
            {
                _buckets.Remove(key);
            }
        }

        if (_buckets.Count >= MostStreams)
        {
            _buckets.Clear();
        }
    }

    sealed class Bucket
    {
        public double Tokens { get; set; }

        /// <summary>When the tokens were counted last.</summary>
        public long Since { get; set; }
    }
}
