using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.App.Watch;

/// <summary>Parses the lines of one source and hands batches of records to a sink. Not thread-safe.</summary>
/// <param name="source">Where the lines come from; its first bytes tell the format where that is not given.</param>
/// <param name="format">A format's name; <c>auto</c> looks at the first lines.</param>
sealed class LineIntake(LogSource source, string format, ITrafficSink sink, TimeProvider clock)
{
    /// <summary>Bytes of a line that are kept; a longer one counts as invalid.</summary>
    public const int MaxLine = 1 << 20;

    const int SampleSize = 64 << 10;

    readonly RecordBatch _batch = new(RecordShape.Plain);
    long _invalid;
    LineParser? _parser;

    public LogSource Source => source;

    public void Add(FramedLines lines)
    {
        var rest = lines.Bytes;
        if (rest.IsEmpty)
        {
            return;
        }

        if (lines.Left > 0)
        {
            _invalid++;
            return;
        }

        _parser ??= FindParser(rest);
        _parser.ReadTime = Timestamps.Now(clock);
        while (!rest.IsEmpty)
        {
            var newline = rest.IndexOf((byte)'\n');
            Line(newline < 0 ? rest : rest[..newline]);
            rest = newline < 0 ? default : rest[(newline + 1)..];
        }
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

    LineParser FindParser(ReadOnlySpan<byte> lines)
    {
        var name = format;
        if (name == "auto")
        {
            var sample = source.Sample(SampleSize);
            name = FormatDetector.Detect(sample.IsEmpty ? lines[..Math.Min(lines.Length, SampleSize)] : sample);
        }

        var parser = LineParsers.Create(name, false);
        _batch.Reset(parser.Shape);
        parser.Bind(_batch);
        return parser;
    }

    void Line(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes is [(byte)'\r'])
        {
            return;
        }

        var line = _batch.Append(bytes);
        if (bytes.Length > MaxLine)
        {
            _invalid++;
        }
        else if (!_parser!.TryParse(line, out _))
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
}
