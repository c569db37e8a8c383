using System.Buffers.Text;
using System.Text;
using Puppylog.Intake;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Pipeline.Joining;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.App.Cli.Search;

/// <summary>
/// Reads a stream of lines as batches, to search them in place. Encoding and format are told from the beginning, lines are
/// joined to records, and with a line that does not match it happens what <c>collect</c> does, so that files and store
/// answer alike: it is left out and counted in access logs, else plain text at the time of the line before it. Empty lines
/// are left out.
/// </summary>
sealed class LineBatches : IDisposable
{
    /// <summary>Bytes from which the format is told.</summary>
    const int SampleSize = 256 << 10;

    /// <summary>Longer lines and records are cut.</summary>
    const int MaxLine = 256 << 20;

    readonly Stream _stream;
    readonly byte[]? _path;
    readonly long _readTime;
    readonly LineFramer _framer = new(MaxLine);
    readonly SourceContent _content;
    readonly LineParser _parser;
    readonly RecordJoiner? _joiner;
    // Records of the joiner that are complete, from _next on.
    readonly List<JoinedRecord> _records = [];
    int _next;
    byte[] _sample;
    bool _ended;
    long? _lastTime;
    long _line;

    /// <param name="stream">The lines.</param>
    /// <param name="path">The file that they are of, which records get as a field; null for none.</param>
    /// <param name="lines">How they are read.</param>
    /// <param name="readTime">The time of records that carry none, nanoseconds since 1970.</param>
    public LineBatches(Stream stream, string? path, LineFormat lines, long readTime)
    {
        _stream = stream;
        _path = path is null ? null : Encoding.UTF8.GetBytes(path);
        _readTime = readTime;
        _content = new(null, path ?? "", 0, new ContentHead(0));
        _sample = new byte[SampleSize];
        _sample = _sample[..stream.ReadAtLeast(_sample, SampleSize, throwOnEndOfStream: false)];
        _parser = lines.CreateParser(ByteOrderMark.ToText(_sample));
        _parser.ReadTime = readTime;
        _joiner = lines.Join.Create(_parser) is { } rule ? new(rule, MaxLine) : null;
        _framer.BeginAt(0, []);
    }

    /// <summary>Lines that were left out because they do not match the format.</summary>
    public long Invalid { get; private set; }

    /// <summary>The number of the first of them, from 1, and what is wrong with it.</summary>
    public (long Line, string Reason) FirstInvalid { get; private set; }

    /// <summary>Told of each of them: its number and what is wrong with it.</summary>
    public Action<long, string>? OnInvalid { get; init; }

    /// <summary>What records go through before they are parsed; null where they stay as they are.</summary>
    public IntakeRedactor? Redactor { get; init; }

    /// <summary>The format of the lines.</summary>
    public string Format => _parser.Format;

    /// <summary>Fills a batch; false, and the batch empty, at the end.</summary>
    public bool Read(ref RecordBatch? batch)
    {
        if (batch is null)
        {
            batch = new RecordBatch(_parser.Shape);
        }
        else
        {
            batch.Reset(_parser.Shape);
        }

        _parser.Bind(batch);
        while (!batch.IsFull && (_joiner is null ? AddLine(batch) : AddRecord(batch, _joiner)))
        {
        }

        if (_path is not null && batch.Count > 0 && batch.FindColumn(FieldNames.FilePath) is null)
        {
            batch.Column(FieldNames.FilePath).Fill(0, batch.Count, batch.Append(_path));
        }

        return batch.Count > 0;
    }

    public void Dispose() => _framer.Dispose();

    /// <summary>Takes the next line; false at the end.</summary>
    bool AddLine(RecordBatch batch)
    {
        FramedLines line;
        while (!_framer.TryTakeLine(out line))
        {
            if (!TryFill())
            {
                if (!_framer.TryTakeRest(out line))
                {
                    return false;
                }

                break;
            }
        }

        Add(batch, line.Bytes is [.. var text, (byte)'\n'] ? text : line.Bytes, 1, line.Left);
        return true;
    }

    /// <summary>Takes the next record; false at the end.</summary>
    bool AddRecord(RecordBatch batch, RecordJoiner joiner)
    {
        while (_next == _records.Count)
        {
            if (!TryJoin(joiner))
            {
                return false;
            }
        }

        var record = _records[_next++];
        Add(batch, joiner.TextOf(record), record.Lines, record.Cut);
        return true;
    }

    /// <summary>Lets further lines make records complete; false at the end.</summary>
    bool TryJoin(RecordJoiner joiner)
    {
        _records.Clear();
        _next = 0;
        if (_framer.TryTake(out var lines) || (!TryFill() && _framer.TryTakeRest(out lines)))
        {
            if (!lines.Bytes.IsEmpty)
            {
                joiner.Add(new(lines, _content, 0), 0);
            }
        }
        else if (_ended)
        {
            joiner.CompleteAll();
            return Take();
        }

        Take();
        return true;

        bool Take()
        {
            if (joiner.TryTake(out var records, out _))
            {
                _records.AddRange(records);
            }

            return _records.Count > 0;
        }
    }

    void Add(RecordBatch batch, ReadOnlySpan<byte> record, int lines, long cut)
    {
        var first = _line + 1;
        _line += lines;
        if (record.IsEmpty || record.SequenceEqual("\r"u8))
        {
            return;
        }

        var span = batch.Append(Redactor is null ? record : Redactor.Text(record));
        if (!_parser.TryParse(span, out var reason))
        {
            if (_parser.DefaultInvalid != InvalidLines.Keep)
            {
                reason ??= "no match";
                FirstInvalid = Invalid++ == 0 ? (first, reason) : FirstInvalid;
                OnInvalid?.Invoke(first, reason);
                return;
            }

            batch.Add(_lastTime ?? _readTime, span, span, 0);
        }

        _lastTime = batch.Times[^1];
        if (cut > 0)
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(cut, digits, out var length);
            batch.Column(FieldNames.CutBytes).Set(batch.Count - 1, batch.Append(digits[..length]));
        }
    }

    /// <summary>Reads on; false at the end.</summary>
    bool TryFill()
    {
        if (_ended)
        {
            return false;
        }

        var space = _framer.Space();
        var read = Math.Min(_sample.Length, space.Length);
        if (read > 0)
        {
            _sample.AsSpan(0, read).CopyTo(space);
            _sample = _sample[read..];
        }
        else
        {
            read = _stream.Read(space);
        }

        _framer.Advance(read);
        _ended = read == 0;
        return !_ended;
    }
}
