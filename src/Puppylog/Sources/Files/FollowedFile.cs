using Microsoft.Win32.SafeHandles;
using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>
/// An open regular file, read on from where it was left. Knows when it holds another content than before: when it became
/// shorter, begins with other bytes, or was written again with the same size.
/// </summary>
/// <remarks>
/// Never reads beyond the size that was seen last, so that the time of modification seen with that size belongs to what was
/// read: a later one without growth means that it was written again, or that a write is under way. The second shows within
/// <see cref="DecisionTime"/>.
/// </remarks>
sealed class FollowedFile : OpenFile
{
    /// <summary>How long a file has to stay modified but not longer until it counts as written again.</summary>
    public static readonly TimeSpan DecisionTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes before the end in which the beginning of a line that is being written is looked for.</summary>
    const int LookBack = 64 << 10;

    readonly SafeFileHandle _handle;
    readonly SourceContext _context;
    readonly string _path;
    readonly LineFramer _framer;
    readonly ContentHead _head;
    readonly IWatchHolder _holder;
    readonly ContentEnding? _ending;
    // The last bytes that were read: up to 256 before _read.
    byte[] _tail = [];
    readonly FileWatch? _watch;
    FileStatus _seen;
    // Bytes read from the file, and of these the ones handed out in runs.
    long _read;
    long _taken;
    // What the book knows.
    long _noted;
    // The time of modification that belongs to what was read.
    long _settled;
    long _doubted;
    long _doubtedSince;
    // Where a file that is read from its end on ended at first: a line that stops before it is not news.
    long _old;
    bool _contentEnds;
    bool _announce;
    SourceContent _content;

    FollowedFile(SafeFileHandle handle, FileStatus status, string path, SourceContext context, IWatchHolder holder, FileBeginning beginning)
    {
        _holder = holder;
        _ending = beginning.Ending;
        _handle = handle;
        _seen = status;
        _path = path;
        _context = context;
        _framer = new LineFramer(context.MaxLine);
        _head = new ContentHead(status.Born);
        _watch = context.Watch ? context.Watcher?.TryWatch(handle, holder) : null;
        _settled = status.Modified;
        LastRead = context.Clock.GetTimestamp();
        _content = NewContent(0);
        Resume(beginning);
        _framer.BeginAt(_read, _head.Bytes);
        NoteWaiting();
        IsAtEnd = _seen.Size == _read;
    }

    public override FileIdentity Identity => _seen.Identity;

    public override SourceContent Content => _content;

    public override long Born => _seen.Born;

    public override bool IsWatched => _watch is not null;

    public override bool IsDeleted => _seen.Links == 0;

    public override long Remaining => Math.Max(0, _seen.Size - _read);

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FollowedFile Open(string path, string shownPath, SourceContext context, IWatchHolder holder, FileBeginning beginning)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return new FollowedFile(handle, FileStatus.Read(handle), shownPath, context, holder, beginning) { IsComplete = beginning.IsComplete };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public override void Look()
    {
        var status = FileStatus.Read(_handle);
        var modified = _watch is { Modified: true };
        IsUndecided = false;
        IsAtEnd = status.Size == _read;
        if (status.Size < _read || (status != _seen && !HoldsWhatWasRead()))
        {
            _contentEnds = true;
        }
        else if (status.Size > _read)
        {
            _settled = status.Modified;
            Forget();
        }
        else if (status.Modified == _settled || !modified || _read == 0)
        {
            _settled = status.Modified;
            Forget();
        }
        else
        {
            Doubt(status.Modified);
        }

        _seen = status;
        NoteWaiting();
    }

    public override bool TryRead(out LineRun run)
    {
        if (TryAnnounce(out run))
        {
            return true;
        }

        while (true)
        {
            if (_framer.TryTake(out var lines))
            {
                run = Place(lines);
                return true;
            }

            if (_contentEnds)
            {
                if (IsReadOnElsewhere())
                {
                    _framer.Dispose();
                }
                else if (TryFinish(out run))
                {
                    return true;
                }

                // What came between this content and the next one is announced, and read, before it.
                BeginContent();
                _announce = true;
                run = default;
                return false;
            }

            if (!TryFill())
            {
                _framer.Trim();
                if (_noted != _taken)
                {
                    // Others may come upon a copy of it.
                    NotePosition();
                }

                run = default;
                return false;
            }
        }
    }

    public override bool TryAnnounce(out LineRun run)
    {
        run = _announce ? new LineRun(default, Content, _taken) : default;
        var announced = _announce;
        _announce = false;
        return announced;
    }

    public override bool TryFinish(out LineRun run)
    {
        if (_framer.TryTakeRest(out var rest))
        {
            run = Place(rest);
            if (_taken > _old)
            {
                return true;
            }
        }

        run = default;
        return false;
    }

    public override int ReadSample(Span<byte> target) => RandomAccess.Read(_handle, target, 0);

    public override bool IsCopiedIn(RotatedFile file)
    {
        try
        {
            var size = FileStatus.Read(_handle).Size;
            var length = file.IsCompressed ? CompressedFile.UncompressedLength(file.Path) : file.Status.Size;
            var piece = new byte[(int)Math.Min(length, Fingerprint.HeadLength)];
            var other = new byte[piece.Length];
            using var mine = ContentProbe.Of(_handle);
            using var probe = ContentProbe.Open(file.Path);
            return length > 0 && (file.IsCompressed ? length == (uint)size : length <= size) && IsSame(0) && (file.IsCompressed || IsSame(length - piece.Length));

            bool IsSame(long offset) => mine.TryRead(offset, piece) && probe.TryRead(offset, other) && piece.AsSpan().SequenceEqual(other);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    public override void NotePosition()
    {
        _noted = _taken;
        if (Content.At(_taken) is { } position)
        {
            _context.Positions.Note(position);
        }
    }

    public override void Dispose()
    {
        NotePosition();
        if (_watch is not null)
        {
            _context.Watcher?.Release(_watch, null, _holder);
        }

        _framer.Dispose();
        _handle.Dispose();
    }

    /// <summary>Goes on at the kept position, or where its content was left when another file held it.</summary>
    void Resume(FileBeginning beginning)
    {
        // The position of a file that had the inode before counts for the generation alone.
        var before = _context.Positions.Find(Identity.Source);
        var kept = _context.Positions.FindOwn(_seen);
        var generation = before is null ? 0 : before.Generation + 1;
        if (before is null && beginning.Continues is null)
        {
            // A followed file that is renamed before its turn comes is found again after a restart.
            _announce = _context.Watch;
            if (beginning.FromEnd)
            {
                BeginAtEnd();
            }

            return;
        }

        if (Holds(kept))
        {
            GoOn(kept!, kept!.Generation);
            return;
        }

        _announce = true;
        if (Holds(beginning.Continues))
        {
            GoOn(beginning.Continues!, generation);
            return;
        }

        _content = NewContent(generation);
    }

    bool Holds(SourcePosition? position)
    {
        using var probe = ContentProbe.Of(_handle);
        return position is not null && position.Offset <= _seen.Size && probe.Holds(position, _seen.Born);
    }

    void GoOn(SourcePosition position, long generation)
    {
        _read = _taken = position.Offset;
        NoteBefore();
        _content = NewContent(generation);
        _content.LinesTaken = position.Line;
    }

    /// <summary>Takes note of the bytes by which the content is known, where reading does not begin at its first one.</summary>
    void NoteBefore()
    {
        NoteBeginning(Math.Min(_read, Fingerprint.HeadLength));
        Span<byte> tail = stackalloc byte[(int)Math.Min(_read, Fingerprint.TailLength)];
        if (ContentProbe.ReadFully(_handle, tail, _read - tail.Length) == tail.Length)
        {
            NoteTail(tail);
        }
    }

    /// <summary>While a file waits for its turn it may be cut: by its beginning its copy is found.</summary>
    void NoteWaiting()
    {
        var length = Math.Min(_seen.Size, Fingerprint.HeadLength);
        if (_read == 0 && !_contentEnds && _head.Length < length)
        {
            NoteBeginning(length);
        }
    }

    void NoteBeginning(long length)
    {
        Span<byte> head = stackalloc byte[(int)length];
        _head.Note(0, head[..ContentProbe.ReadFully(_handle, head, 0)]);
    }

    /// <summary>At the end, or at the beginning of the line that is being written there.</summary>
    void BeginAtEnd()
    {
        var tail = new byte[Math.Min(_seen.Size, LookBack)];
        var from = _seen.Size - tail.Length;
        Span<byte> beginning = stackalloc byte[ByteOrderMark.MaxLength];
        var mark = ByteOrderMark.Of(beginning[..ContentProbe.ReadFully(_handle, beginning, 0)]);
        var lineEnd = mark.LastLineEnd(tail.AsSpan(0, ContentProbe.ReadFully(_handle, tail, from)), from);
        _old = _seen.Size;
        _read = _taken = lineEnd >= 0 ? from + lineEnd : from == 0 ? 0 : _seen.Size;
        NoteBefore();
    }

    bool TryFill()
    {
        var wanted = _seen.Size - _read;
        if (wanted <= 0)
        {
            return false;
        }

        var space = _framer.Space();
        space = space[..(int)Math.Min(space.Length, wanted)];
        var count = RandomAccess.Read(_handle, space, _read);
        if (count == 0)
        {
            return false;
        }

        if (!EndsAsRead())
        {
            // Cut and written again since the look: these bytes may be of the next content.
            _seen = FileStatus.Read(_handle);
            _contentEnds = true;
            return true;
        }

        _head.Note(_read, space[..count]);
        NoteTail(space[..count]);
        _framer.Advance(count);
        _read += count;
        LastRead = _context.Clock.GetTimestamp();
        return true;
    }

    LineRun Place(FramedLines lines)
    {
        var run = new LineRun(lines, Content, _taken);
        _taken += lines.Covered;
        return run;
    }

    void BeginContent()
    {
        _contentEnds = false;
        IsAtEnd = false;
        _read = _taken = _noted = _old = 0;
        _framer.BeginAt(0, []);
        _head.Clear();
        _tail = [];
        _settled = _seen.Modified;
        _content = NewContent(Content.Generation + 1);
        LastRead = _context.Clock.GetTimestamp();
        Forget();
    }

    SourceContent NewContent(long generation) => new(Identity.Source, _path, generation, _head, TryReadTail);

    /// <summary>The size stayed, the content was touched: written again, or a write that is under way.</summary>
    void Doubt(long modified)
    {
        var now = _context.Clock.GetTimestamp();
        if (_doubted != modified)
        {
            _doubted = modified;
            _doubtedSince = now;
        }

        IsUndecided = _context.Clock.GetElapsedTime(_doubtedSince, now) < DecisionTime;
        _contentEnds = !IsUndecided;
    }

    void Forget()
    {
        _doubted = 0;
        if (_watch is not null)
        {
            _watch.Modified = false;
        }
    }

    /// <summary>True where a copy of the ending content has been found that holds the rest; what is left here is part of that.</summary>
    bool IsReadOnElsewhere()
    {
        if (_ending is null || _head.Length == 0)
        {
            return false;
        }

        var (length, value) = Fingerprint.Of(_head.Bytes, _tail, _head.Born);
        var reached = new SourcePosition(Identity.Source, _content.Generation, Math.Max(_read, _head.Length), _content.LinesTaken, _path, length, value);
        var whole = Fingerprint.Of(_head.Bytes[..(int)Math.Min(_taken, _head.Length)], [], _head.Born);
        return _ending(this, reached, reached with { Offset = _taken, FingerprintLength = whole.Length, Fingerprint = whole.Value });
    }

    void NoteTail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Fingerprint.TailLength || _tail.Length + bytes.Length <= Fingerprint.TailLength)
        {
            var kept = bytes.Length >= Fingerprint.TailLength ? 0 : _tail.Length;
            bytes = bytes[Math.Max(0, bytes.Length - Fingerprint.TailLength)..];
            Array.Resize(ref _tail, kept + bytes.Length);
            bytes.CopyTo(_tail.AsSpan(kept));
            return;
        }

        var before = Fingerprint.TailLength - bytes.Length;
        var tail = _tail.Length == Fingerprint.TailLength ? _tail : new byte[Fingerprint.TailLength];
        _tail.AsSpan(_tail.Length - before).CopyTo(tail);
        bytes.CopyTo(tail.AsSpan(before));
        _tail = tail;
    }

    bool TryReadTail(long offset, Span<byte> tail)
    {
        if (offset == _read && tail.Length <= _tail.Length)
        {
            _tail.AsSpan(_tail.Length - tail.Length).CopyTo(tail);
            return true;
        }

        try
        {
            return !_handle.IsClosed && ContentProbe.ReadFully(_handle, tail, offset - tail.Length) == tail.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Tells by the first bytes and by the last ones that were read.</summary>
    bool HoldsWhatWasRead()
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.HeadLength];
        var beginning = bytes[.._head.Length];
        if (ContentProbe.ReadFully(_handle, beginning, 0) < beginning.Length || !beginning.SequenceEqual(_head.Bytes))
        {
            return false;
        }

        return _tail.Length == 0 || _read <= _head.Length || EndsAsRead();
    }

    /// <summary>
    /// Tells by the last bytes that were read. A file is filled from its beginning: while these stand, what was read behind
    /// them belongs to the same content.
    /// </summary>
    bool EndsAsRead()
    {
        Span<byte> end = stackalloc byte[_tail.Length];
        return ContentProbe.ReadFully(_handle, end, _read - end.Length) == end.Length && end.SequenceEqual(_tail);
    }
}
