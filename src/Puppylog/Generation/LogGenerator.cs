using Puppylog.Records;

namespace Puppylog.Generation;

/// <summary>Writes made-up log lines to a stream at the rate that is asked for.</summary>
sealed class LogGenerator(GenerationOptions options, TimeProvider clock)
{
    /// <summary>Bytes per write where nothing else is asked for.</summary>
    const int WriteSize = 256 << 10;

    /// <summary>Lines per write where an interval but no size is asked for.</summary>
    const int IntervalBatch = 100;

    /// <summary>Writes per second at a rate of more lines than that.</summary>
    const int WritesPerSecond = 20;

    /// <summary>Records per second of the lines' times where a seed but no rate is given, apart from bursts.</summary>
    const long UsualRate = 1000;

    readonly Randomness _random = new(options.Seed ?? (ulong)Random.Shared.NextInt64());
    long _lines;
    long _bytes;
    long _time = options.Start;
    int _burstLeft;
    long _rated;

    /// <summary>Lines written so far.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Writes until <see cref="GenerationOptions.Max"/> is reached or it is cancelled, which is no error.</summary>
    /// <exception cref="IOException">The stream cannot be written to.</exception>
    public async Task RunAsync(Stream target, CancellationToken cancellation)
    {
        var writer = LineWriter.Create(options.Format, _random);
        var batchLines = BatchLines();
        var buffer = new byte[WriteSize + LineWriter.MaxLength];
        var origin = clock.GetTimestamp();
        long paced = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var begun = clock.GetTimestamp();
            var left = (options.Max ?? long.MaxValue) - _lines;
            if (left <= 0)
            {
                return;
            }

            var (lines, length) = Fill(writer, ref buffer, (int)Math.Min(left, batchLines ?? int.MaxValue), batchLines is null);
            if (target.CanSeek && target.Position > target.Length)
            {
                // Somebody emptied the file, as log rotation does: go on at its end instead of leaving a hole.
                target.Position = target.Length;
            }

            target.Write(buffer, 0, length);
            Interlocked.Add(ref _lines, lines);
            Interlocked.Add(ref _bytes, length);
            paced += lines;
            if (lines == left)
            {
                return;
            }

            var wait = options.Interval - clock.GetElapsedTime(begun);
            if (options.Rate > 0)
            {
                var due = TimeSpan.FromSeconds(paced / options.Rate) - clock.GetElapsedTime(origin);
                if (due < TimeSpan.FromSeconds(-1))
                {
                    // The reader was slow: go on at the rate from here instead of catching up in one flood.
                    (origin, paced) = (clock.GetTimestamp(), 0);
                }

                wait = due > wait ? due : wait;
            }

            if (wait > TimeSpan.Zero && !await TryWait(wait, cancellation).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Lines per write; null for as many as fill <see cref="WriteSize"/>.</summary>
    int? BatchLines() =>
        options.BatchSize
        ?? (options.Interval > TimeSpan.Zero ? IntervalBatch
            : options.Rate > 0 ? (int)Math.Clamp(options.Rate / WritesPerSecond, 1, 100_000)
            : null);

    (int Lines, int Length) Fill(LineWriter writer, ref byte[] buffer, int most, bool stopAtWriteSize)
    {
        var now = options.Seed is null ? Timestamps.Now(clock) : 0;
        var length = 0;
        var lines = 0;
        while (lines < most && !(stopAtWriteSize && length >= WriteSize))
        {
            if (buffer.Length - length < LineWriter.MaxLength)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            length += writer.Write(options.Seed is null ? now : _time, buffer.AsSpan(length));
            lines++;
            if (options.Seed is not null)
            {
                AdvanceTime(lines == most);
            }
        }

        return (lines, length);
    }

    /// <summary>With a seed, times follow from the options alone: the rate's, the interval's, or a usual day's.</summary>
    void AdvanceTime(bool endsBatch)
    {
        if (options.Rate > 0)
        {
            // From the count, so that no rounding adds up.
            _rated++;
            _time = options.Start + (long)(_rated / options.Rate * Timestamps.Second);
        }
        else if (options.Interval > TimeSpan.Zero)
        {
            _time += endsBatch ? options.Interval.Ticks * 100 : 0;
        }
        else
        {
            _burstLeft = _burstLeft > 0 ? _burstLeft - 1 : _random.Below(50_000) == 0 ? _random.Between(2000, 20_000) : 0;
            _time += (_burstLeft > 0 ? Timestamps.Second / 5 : Timestamps.Second) / UsualRate;
        }
    }

    async Task<bool> TryWait(TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
