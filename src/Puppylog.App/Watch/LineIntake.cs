using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.App.Watch;

/// <summary>Cuts bytes into lines, parses them and hands batches of records to a sink. Not thread-safe.</summary>
/// <param name="format">A format's name; <c>auto</c> looks at the first lines.</param>
sealed class LineIntake(string format, ITrafficSink sink, TimeProvider clock)
{
    /// <summary>A longer line is counted as invalid and skipped, so that memory stays bounded.</summary>
    const int MaxLine = 1 << 20;

    readonly RecordBatch _batch = new(RecordShape.Plain);
    byte[] _partial = new byte[4096];
    int _partialLength;
    bool _skipping;
    long _invalid;
    LineParser? _parser;

    /// <summary>Chooses the parser from a sample of lines that are not to be counted, where the format is not given.</summary>
    public void LookAt(ReadOnlySpan<byte> sample)
    {
        if (_parser is null && !sample.IsEmpty)
        {
            _parser = LineParsers.Create(format == "auto" ? FormatDetector.Detect(sample) : format, false);
            _batch.Reset(_parser.Shape);
            _parser.Bind(_batch);
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            if (newline < 0)
            {
                Keep(bytes);
                return;
            }

            if (_skipping)
            {
                _skipping = false;
            }
            else if (_partialLength == 0)
            {
                LookAt(bytes);
                Line(bytes[..newline]);
            }
            else
            {
                Keep(bytes[..newline]);
                FlushPartial();
            }

            bytes = bytes[(newline + 1)..];
        }
    }

    /// <summary>The file has ended: its last line needs no newline.</summary>
    public void End()
    {
        FlushPartial();
        Deliver();
    }

    /// <summary>Hands on what has been parsed.</summary>
    public void Deliver()
    {
        if (_batch.Count > 0 || _invalid > 0)
        {
            sink.Take(new BatchView(_batch), _invalid);
        }

        _invalid = 0;
        _batch.Reset(_batch.Shape);
        _parser?.Bind(_batch);
    }

    void FlushPartial()
    {
        if (!_skipping && _partialLength > 0)
        {
            LookAt(_partial.AsSpan(0, _partialLength));
            Line(_partial.AsSpan(0, _partialLength));
        }

        _partialLength = 0;
        _skipping = false;
    }

    void Line(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes is [(byte)'\r'])
        {
            return;
        }

        _parser!.ReadTime = Timestamps.Now(clock);
        var line = _batch.Append(bytes);
        if (!_parser.TryParse(line, out _))
        {
            if (_parser.DefaultInvalid == InvalidLines.Keep)
            {
                _batch.Add(_parser.ReadTime, line, line, 0);
            }
            else
            {
                _invalid++;
            }
        }

        if (_batch.IsFull)
        {
            Deliver();
        }
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_skipping)
        {
            return;
        }

        if (_partialLength + bytes.Length > MaxLine)
        {
            _skipping = true;
            _partialLength = 0;
            _invalid++;
            return;
        }

        if (_partialLength + bytes.Length > _partial.Length)
        {
            Array.Resize(ref _partial, Math.Max(_partialLength + bytes.Length, _partial.Length * 2));
        }

        bytes.CopyTo(_partial.AsSpan(_partialLength));
        _partialLength += bytes.Length;
    }
}
