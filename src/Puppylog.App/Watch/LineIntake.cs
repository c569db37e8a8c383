using Puppylog.Diagnostics;
using Puppylog.Metrics;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Pipeline.Joining;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.App.Watch;

/// <summary>Joins and parses the lines of one source and hands batches of records to a sink. Not thread-safe.</summary>
/// <param name="source">Where the lines come from; its first bytes tell the format where that is not given.</param>
/// <param name="format">How they are read.</param>
sealed class LineIntake(LogSource source, LineFormat format, ITrafficSink sink, TimeProvider clock)
{
    /// <summary>Bytes of a line that are kept; a longer one counts as invalid.</summary>
    public const int MaxLine = 1 << 20;

    const int SampleSize = 64 << 10;

    /// <summary>Seconds of <see cref="SourceStanding.Recent"/>.</summary>
    const int Minute = 60;

    readonly RecordBatch _batch = new(RecordShape.Plain);
    long _invalid;
    LineParser? _parser;
    RecordJoiner? _joiner;
    long? _lastTime;
    readonly Lock _standing = new();
    readonly RateHistory _rates = new();
    long _records;
    long? _newest;

    public LogSource Source => source;

    /// <summary>May be asked from any thread.</summary>
    public SourceStanding Standing
    {
        get
        {
            var lag = source.FilePath is null ? default(long?) : source.Remaining;
            var size = source.FilePath is { } path && FileStatus.TryRead(path, out var status) && status.Kind == FileKind.Regular ? status.Size : default(long?);
            lock (_standing)
            {
                _rates.Advance(clock.GetUtcNow().ToUnixTimeSeconds());
                return new(source.Name, _records, _rates.Last(Minute).Sum(), _newest, size - lag, size is null ? null : lag, source.Failure ?? source.Hindrance);
            }
        }
    }

    /// <summary>True while lines wait for what may follow them.</summary>
    public bool HoldsLines => _joiner is { HoldsLines: true };

    public void Add(in LineRun run)
    {
        var rest = run.Lines.Bytes;
        if (rest.IsEmpty)
        {
            return;
        }

        _parser ??= FindParser(rest);
        _parser.ReadTime = Timestamps.Now(clock);
        if (_joiner is { } joiner)
        {
            joiner.Add(run, clock.GetTimestamp());
            AddJoined(joiner);
            return;
        }

        if (run.Lines.Left > 0)
        {
            _invalid++;
            return;
        }

        while (!rest.IsEmpty)
        {
            var newline = rest.IndexOf((byte)'\n');
            AddRecord(newline < 0 ? rest : rest[..newline]);
            rest = newline < 0 ? default : rest[(newline + 1)..];
        }
    }

    /// <summary>Ends the records that no line came to for a while, all where the source has ended, and hands on what has been parsed.</summary>
    public void Deliver()
    {
        if (_joiner is { HoldsLines: true } joiner)
        {
            if (source.IsEnded)
            {
                joiner.CompleteAll();
            }
            else
            {
                joiner.CompleteSilent(clock.GetTimestamp() - (long)(CollectOptions.DefaultJoinWait.TotalSeconds * clock.TimestampFrequency));
            }

            AddJoined(joiner);
        }

        HandOn();
    }

    void HandOn()
    {
        if (_batch.Count > 0 || _invalid > 0)
        {
            Note();
            sink.Take(new BatchView(_batch), _invalid);
        }

        _invalid = 0;
        _batch.Reset(_batch.Shape);
        _parser?.Bind(_batch);
    }

    void Note()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        var newest = _batch.Times[0];
        foreach (var time in _batch.Times)
        {
            newest = Math.Max(newest, time);
        }

        lock (_standing)
        {
            _records += _batch.Count;
            _newest = Math.Max(_newest ?? long.MinValue, newest);
            _rates.Add(clock.GetUtcNow().ToUnixTimeSeconds(), _batch.Count);
        }
    }

    LineParser FindParser(ReadOnlySpan<byte> lines)
    {
        var sample = source.Sample(new byte[SampleSize]);
        var parser = format.CreateParser(sample.IsEmpty ? lines[..Math.Min(lines.Length, SampleSize)] : sample);
        _joiner = !source.HasWholeRecords && format.Join.Create(parser) is { } rule ? new(rule, MaxLine) : null;
        _batch.Reset(parser.Shape);
        parser.Bind(_batch);
        return parser;
    }

    void AddJoined(RecordJoiner joiner)
    {
        while (joiner.TryTake(out var records, out _))
        {
            foreach (var record in records)
            {
                if (record.Cut > 0)
                {
                    _invalid++;
                }
                else
                {
                    AddRecord(joiner.TextOf(record));
                }
            }
        }
    }

    void AddRecord(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes is [(byte)'\r'])
        {
            return;
        }

        var record = _batch.Append(bytes);
        if (bytes.Length > MaxLine)
        {
            _invalid++;
        }
        else if (!_parser!.TryParse(record, out _))
        {
            if (_parser.DefaultInvalid == InvalidLines.Keep)
            {
                _batch.Add(_lastTime ?? _parser.ReadTime, record, record, 0);
            }
            else
            {
                _invalid++;
            }
        }

        _lastTime = _batch.Count > 0 ? _batch.Times[^1] : _lastTime;
        if (_batch.IsFull)
        {
            HandOn();
        }
    }
}
