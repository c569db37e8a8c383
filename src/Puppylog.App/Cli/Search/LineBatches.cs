using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>
/// Reads a stream of lines as batches, to search them in place. The format is told from the beginning; with a line that
/// does not match it happens what <c>collect</c> does, so that files and store answer alike: it is left out and counted in
/// access logs, else plain text at the time of the line before it. Empty lines are left out.
/// </summary>
sealed class LineBatches(Stream stream, string path, long readTime)
{
    const int ChunkBytes = 1 << 20;

    /// <summary>A line beyond this is searched in pieces.</summary>
    const int MaxLineBytes = 256 << 20;

    byte[] _chunk = new byte[ChunkBytes];
    int _start;
    int _end;
    bool _ended;
    LineParser? _parser;
    long? _lastTime;
    long _line;

    /// <summary>Lines that were left out because they do not match the format.</summary>
    public long Invalid { get; private set; }

    /// <summary>The number of the first of them, from 1, and what is wrong with it.</summary>
    public (long Line, string Reason) FirstInvalid { get; private set; }

    /// <summary>The format of the lines, once the first were read.</summary>
    public string Format => _parser?.Format ?? "";

    /// <summary>Fills a batch; false, and the batch empty, at the end.</summary>
    public bool Read(ref RecordBatch? batch)
    {
        _parser ??= Detect();
        if (batch is null)
        {
            batch = new RecordBatch(_parser.Shape);
        }
        else
        {
            batch.Reset(_parser.Shape);
        }

        _parser.Bind(batch);
        while (!batch.IsFull && TryLine(out var line))
        {
            Add(batch, line);
        }

        if (batch.Count > 0 && batch.FindColumn(FieldNames.FilePath) is null)
        {
            batch.Column(FieldNames.FilePath).Fill(0, batch.Count, batch.Append(Encoding.UTF8.GetBytes(path)));
        }

        return batch.Count > 0;
    }

    void Add(RecordBatch batch, ReadOnlySpan<byte> line)
    {
        _line++;
        if (line.IsEmpty || line.SequenceEqual("\r"u8))
        {
            return;
        }

        var span = batch.Append(line);
        if (!_parser!.TryParse(span, out var reason))
        {
            if (_parser.DefaultInvalid != InvalidLines.Keep)
            {
                FirstInvalid = Invalid++ == 0 ? (_line, reason ?? "no match") : FirstInvalid;
                return;
            }

            batch.Add(_lastTime ?? readTime, span, span, 0);
        }

        _lastTime = batch.Times[^1];
    }

    LineParser Detect()
    {
        while (_end < ChunkBytes / 4 && Fill())
        {
        }

        var parser = LineParsers.Create(FormatDetector.Detect(_chunk.AsSpan(0, _end)), replaceTimes: false);
        parser.ReadTime = readTime;
        return parser;
    }

    bool TryLine(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var unread = _chunk.AsSpan(_start, _end - _start);
            var newline = unread[searched..].IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = unread[..(searched + newline)];
                _start += line.Length + 1;
                return true;
            }

            searched = unread.Length;
            if (searched >= MaxLineBytes || !Fill())
            {
                line = _chunk.AsSpan(_start, _end - _start);
                _start = _end;
                return !line.IsEmpty;
            }
        }
    }

    /// <summary>Reads on behind what is unread; false at the end.</summary>
    bool Fill()
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _chunk.AsSpan(_start, _end - _start).CopyTo(_chunk);
            _end -= _start;
            _start = 0;
        }

        if (_end == _chunk.Length)
        {
            Array.Resize(ref _chunk, _chunk.Length * 2);
        }

        var read = stream.Read(_chunk.AsSpan(_end));
        _end += read;
        _ended = read == 0;
        return !_ended;
    }
}
