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

    /// <summary>Within this time of a look nobody fills an empty file, copies it and cuts it.</summary>
    static readonly TimeSpan Unseen = TimeSpan.FromSeconds(1);

    /// <summary>Bytes before the end in which the beginning of a line that is being written is looked for.</summary>
    const int LookBack = 64 << 10;

    readonly SafeFileHandle _handle;
    readonly SourceContext _context;
    readonly string _path;
    readonly LineFramer _framer;
    readonly IWatchHolder _holder;
    readonly ContentEnding? _ending;
    readonly FileWatch? _watch;
    ContentTrace _trace;
    FileStatus _seen;
    // Of the bytes that were read, those handed out in runs; and of these, what the book knows.
    long _taken;
    long _noted;
    // The time of modification that belongs to what was read.
    long _settled;
    long _lookedAt;
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
        _trace = new ContentTrace(handle, status.Born);
        _watch = context.Watch ? context.Watcher?.TryWatch(handle, holder) : null;
        _settled = status.Modified;
        LastRead = _lookedAt = context.Clock.GetTimestamp();
        _content = NewContent(0);
        Resume(beginning);
        _framer.BeginAt(_trace.Read, _trace.Head.Bytes);
        _trace.NoteWaiting(_seen.Size);
        IsAtEnd = _seen.Size == _trace.Read;
    }

    public override FileIdentity Identity => _seen.Identity;

    public override SourceContent Content => _content;

    public override long Born => _seen.Born;

    public override bool IsWatched => _watch is { IsGone: false };

    public override bool IsDeleted => _seen.Links == 0;

    public override bool HasOtherContent => _contentEnds;

    public override long Remaining => Math.Max(0, _seen.Size - _trace.Read);

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
        var now = _context.Clock.GetTimestamp();
        CameUnseen = _trace.KnownEnd == 0 && status.Size > 0 && _context.Clock.GetElapsedTime(_lookedAt, now) > Unseen;
        _lookedAt = now;
        var modified = _watch is { Modified: true };
        IsUndecided = false;
        IsAtEnd = status.Size == _trace.Read;
        if (status.Size < _trace.KnownEnd || (status != _seen && !_trace.IsHeld()))
        {
            _contentEnds = true;
        }
        else if (status.Size > _trace.Read)
        {
            _settled = status.Modified;
            Forget();
        }
        else if (status.Modified == _settled || !modified || _trace.Read == 0)
        {
            _settled = status.Modified;
            Forget();
        }
        else
        {
            Doubt(status.Modified);
        }

        _seen = status;
        if (_contentEnds)
        {
            _trace.End();
        }
        else
        {
            _trace.NoteWaiting(status.Size);
        }
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
                if (_noted == 0)
                {
                    // Others may come upon a copy of it.
                    NotePosition();
                }

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
            return ContentComparison.IsBeginningOf(file, () => ContentProbe.Of(_handle), FileStatus.Read(_handle).Size, isWholeCompressed: false);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public override bool Awaits(RotatedFile file) =>
        _contentEnds && _ending is not null && _trace.Head.Length > 0 && ContentComparison.LastHeld(file, [Reached()]) is not null;

    public override void NotePosition()
    {
        if (_noted == _taken && _taken > 0)
        {
            // What was noted then tells more: the bytes before it may be gone.
            return;
        }

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
        _taken = position.Offset;
        _trace.GoOnAt(position.Offset);
        _content = NewContent(generation);
        _content.LinesTaken = position.Line;
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
        _taken = lineEnd >= 0 ? from + lineEnd : from == 0 ? 0 : _seen.Size;
        _trace.GoOnAt(_taken);
    }

    bool TryFill()
    {
        var wanted = _seen.Size - _trace.Read;
        if (wanted <= 0)
        {
            return false;
        }

        var space = _framer.Space();
        space = space[..(int)Math.Min(space.Length, wanted)];
        var count = RandomAccess.Read(_handle, space, _trace.Read);
        if (count == 0)
        {
            return false;
        }

        if (!_trace.EndsAsKnown())
        {
            // Cut and written again since the look: these bytes may be of the next content.
            _seen = FileStatus.Read(_handle);
            _contentEnds = true;
            _trace.End();
            return true;
        }

        _trace.Note(space[..count]);
        _framer.Advance(count);
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
        _taken = _noted = _old = 0;
        _framer.BeginAt(0, []);
        _trace = new ContentTrace(_handle, _seen.Born);
        _trace.NoteWaiting(_seen.Size);
        _settled = _seen.Modified;
        _content = NewContent(Content.Generation + 1);
        LastRead = _context.Clock.GetTimestamp();
        Forget();
    }

    SourceContent NewContent(long generation) => new(Identity.Source, _path, generation, _trace.Head, _trace.TryReadTail);

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
        var head = _trace.Head;
        if (_ending is null || head.Length == 0)
        {
            return false;
        }

        var reached = Reached();
        var whole = Fingerprint.Of(head.Bytes[..(int)Math.Min(_taken, head.Length)], [], head.Born);
        return _ending(this, reached, reached with { Offset = _taken, FingerprintLength = whole.Length, Fingerprint = whole.Value });
    }

    /// <summary>All that is known of the content that ends.</summary>
    SourcePosition Reached()
    {
        var head = _trace.Head;
        var (length, value) = Fingerprint.Of(head.Bytes, _trace.Tail, head.Born);
        return new(Identity.Source, _content.Generation, Math.Max(_trace.KnownEnd, head.Length), _content.LinesTaken, _path, length, value);
    }
}
