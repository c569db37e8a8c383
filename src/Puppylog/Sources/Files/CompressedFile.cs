using System.Buffers.Binary;
using System.IO.Compression;
using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>A file compressed by gzip, read once to its end. Its positions count decompressed bytes.</summary>
sealed class CompressedFile : OpenFile
{
    readonly SourceContext _context;
    readonly string _path;
    readonly FileStatus _status;
    readonly LineFramer _framer;
    readonly FileStream _file;
    readonly GZipStream _stream;
    readonly ContentHead _head;
    SourceContent _content;
    long _read;
    long _taken;
    bool _announce;

    CompressedFile(string path, string shownPath, SourceContext context)
    {
        _context = context;
        _path = shownPath;
        _framer = new LineFramer(context.MaxLine);
        _file = OpenStream(path);
        _status = FileStatus.Read(_file.SafeFileHandle);
        _stream = new GZipStream(_file, CompressionMode.Decompress);
        _head = new ContentHead(_status.Born);
        LastRead = context.Clock.GetTimestamp();
        _content = NewContent(0);
        IsComplete = true;
    }

    public override FileIdentity Identity => _status.Identity;

    public override SourceContent Content => _content;

    public override long Remaining => IsAtEnd ? 0 : Math.Max(1, _status.Size - _file.Position);

    public static FileStream OpenStream(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Bytes that it has uncompressed, modulo 2^32, as its last member says (RFC 1952, ISIZE).</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static uint UncompressedLength(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        _ = ContentProbe.ReadFully(file, length, Math.Max(0, RandomAccess.GetLength(file) - length.Length));
        return BinaryPrimitives.ReadUInt32LittleEndian(length);
    }

    /// <summary>Opens it where it was left: at its own kept position, or where <paramref name="continues"/> says.</summary>
    /// <param name="continues">How far its content was read when it was another file's; null where nothing is known of that.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">It is not compressed by gzip.</exception>
    public static CompressedFile Open(string path, string shownPath, SourceContext context, SourcePosition? continues)
    {
        var file = new CompressedFile(path, shownPath, context);
        try
        {
            var before = context.Positions.Find(file.Identity.Source);
            var kept = context.Positions.FindOwn(file._status);
            if ((kept ?? continues) is not { } start)
            {
                file.Begin(before is null ? 0 : before.Generation + 1, 0, announce: true);
                return file;
            }

            if (file.TryGoOn(start))
            {
                file.Begin(kept?.Generation ?? (before is null ? 0 : before.Generation + 1), start.Line, announce: kept is null);
                return file;
            }

            file.Dispose();
            file = new CompressedFile(path, shownPath, context);
            file.Begin(before is null ? 0 : before.Generation + 1, 0, announce: true);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override bool TryRead(out LineRun run)
    {
        if (TryAnnounce(out run))
        {
            return true;
        }

        do
        {
            if (_framer.TryTake(out var lines))
            {
                run = Place(lines);
                return true;
            }
        }
        while (TryFill());
        _framer.Trim();
        return false;
    }

    public override bool TryAnnounce(out LineRun run)
    {
        run = _announce ? new LineRun(default, _content, _taken) : default;
        var announced = _announce;
        _announce = false;
        return announced;
    }

    public override bool TryFinish(out LineRun run)
    {
        run = default;
        if (!_framer.TryTakeRest(out var rest))
        {
            return false;
        }

        run = Place(rest);
        return true;
    }

    public override int ReadSample(Span<byte> target)
    {
        try
        {
            using var stream = new GZipStream(new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), CompressionMode.Decompress);
            return stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (Exception wrong) when (wrong is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public override void NotePosition()
    {
        if (_content.At(_taken) is { } position)
        {
            _context.Positions.Note(position);
        }
    }

    public override void Dispose()
    {
        NotePosition();
        _stream.Dispose();
        _framer.Dispose();
    }

    SourceContent NewContent(long generation) => new(Identity.Source, _path, generation, _head);

    void Begin(long generation, long line, bool announce)
    {
        _taken = _read;
        _framer.BeginAt(_read, _head.Bytes);
        _content = NewContent(generation);
        _content.LinesTaken = line;
        _announce = announce;
    }

    /// <summary>Reads up to a position; false where the content is another one.</summary>
    bool TryGoOn(SourcePosition position)
    {
        var tail = new byte[(int)Math.Clamp(position.Offset, 0, Fingerprint.TailLength)];
        while (_read < position.Offset)
        {
            var space = _framer.Space();
            var count = _stream.Read(space[..(int)Math.Min(space.Length, position.Offset - _read)]);
            if (count == 0)
            {
                return false;
            }

            _head.Note(_read, space[..count]);
            _read += count;
            Shift(tail, space[..count]);
        }

        _framer.Dispose();
        var head = Fingerprint.HeadLengthOf(position);
        return head <= _head.Length && Fingerprint.HasHead(position, _head.Bytes[..head], _status.Born) && Fingerprint.HasTail(position, tail);
    }

    /// <summary>Moves bytes into a buffer that holds the last ones.</summary>
    static void Shift(byte[] last, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[Math.Max(0, bytes.Length - last.Length)..];
        last.AsSpan(bytes.Length).CopyTo(last);
        bytes.CopyTo(last.AsSpan(last.Length - bytes.Length));
    }

    bool TryFill()
    {
        if (IsAtEnd)
        {
            return false;
        }

        try
        {
            var space = _framer.Space();
            var count = _stream.Read(space);
            _head.Note(_read, space[..count]);
            _framer.Advance(count);
            _read += count;
            LastRead = _context.Clock.GetTimestamp();
            IsAtEnd = count == 0;
            return count > 0;
        }
        catch (InvalidDataException wrong)
        {
            // What is not whole at the end may be half a line.
            _framer.BeginAt(_read, _head.Bytes);
            IsAtEnd = true;
            throw new IOException(wrong.Message, wrong);
        }
    }

    LineRun Place(FramedLines lines)
    {
        var run = new LineRun(lines, _content, _taken);
        _taken += lines.Covered;
        return run;
    }
}
