using Microsoft.Win32.SafeHandles;
using Puppylog.Diagnostics;

namespace Puppylog.Sources;

/// <summary>
/// An open regular file, read on from where it was left. Knows when it holds another content than before: when it became
/// shorter, begins with other bytes, or was written again with the same size.
/// </summary>
/// <remarks>
/// Never reads beyond the size that was seen last, so that the time of modification seen with that size belongs to what was
/// read: a later one without growth means that it was written again, or that a write is under way. The second shows within
/// <see cref="DecisionTime"/>.
/// </remarks>
sealed class FollowedFile : IDisposable
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
    readonly FileWatch? _watch;
    FileStatus _seen;
    // Bytes read from the file, and of these the ones handed out in runs.
    long _read;
    long _taken;
    // The time of modification that belongs to what was read.
    long _settled;
    long _doubted;
    long _doubtedSince;
    // Where a file that is read from its end on ended at first: a line that stops before it is not news.
    long _old;
    bool _contentEnds;
    bool _announce;

    readonly IWatchHolder _holder;

    FollowedFile(SafeFileHandle handle, FileStatus status, string path, SourceContext context, IWatchHolder holder, bool fromEnd)
    {
        _holder = holder;
        _handle = handle;
        _seen = status;
        _path = path;
        _context = context;
        _framer = new LineFramer(context.MaxLine);
        _head = new ContentHead(status.Born);
        _watch = context.Watch ? context.Watcher?.TryWatch(handle, holder) : null;
        _settled = status.Modified;
        LastRead = context.Clock.GetTimestamp();
        Content = NewContent(0);
        Resume(fromEnd);
        IsAtEnd = _seen.Size == _read;
    }

    public FileIdentity Identity => _seen.Identity;

    public SourceContent Content { get; private set; }

    /// <summary>When the last bytes came, or when the file was opened: a timestamp of the clock.</summary>
    public long LastRead { get; private set; }

    /// <summary>True where the last look found nothing that was not read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>True where changes are told of.</summary>
    public bool IsWatched => _watch is not null;

    public bool IsDeleted => _seen.Links == 0;

    public long Remaining => Math.Max(0, _seen.Size - _read);

    public bool IsUndecided { get; private set; }

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FollowedFile Open(string path, string shownPath, SourceContext context, IWatchHolder holder, bool fromEnd = false)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return new FollowedFile(handle, FileStatus.Read(handle), shownPath, context, holder, fromEnd);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Look()
    {
        var status = FileStatus.Read(_handle);
        var modified = _watch is { Modified: true };
        IsUndecided = false;
        IsAtEnd = status.Size == _read;
        if (status.Size < _read || (status != _seen && !StartsAsBefore()))
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
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryRead(out LineRun run)
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
                if (TryFinish(out run))
                {
                    return true;
                }

                BeginContent();
                run = new LineRun(default, Content, 0);
                return true;
            }

            if (!TryFill())
            {
                _framer.Trim();
                run = default;
                return false;
            }
        }
    }

    /// <summary>An empty run where the content is new, so that its position is kept before its first line is.</summary>
    public bool TryAnnounce(out LineRun run)
    {
        run = _announce ? new LineRun(default, Content, 0) : default;
        var announced = _announce;
        _announce = false;
        return announced;
    }

    /// <summary>Takes a last line without newline; false where there is none.</summary>
    public bool TryFinish(out LineRun run)
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

    public int ReadSample(Span<byte> target) => RandomAccess.Read(_handle, target, 0);

    /// <summary>Lets the book know how far the file has been read.</summary>
    public void NotePosition()
    {
        if (Content.At(_taken) is { } position)
        {
            _context.Positions.Note(position);
        }
    }

    public void Dispose()
    {
        NotePosition();
        if (_watch is not null)
        {
            _context.Watcher?.Release(_watch, null, _holder);
        }

        _framer.Dispose();
        _handle.Dispose();
    }

    /// <summary>Goes on at the kept position where the file still begins as it did then.</summary>
    void Resume(bool fromEnd)
    {
        if (_context.Positions.Find(Identity.Source) is not { } kept)
        {
            // A followed file that is renamed before its turn comes is found again after a restart.
            _announce = _context.Watch;
            if (fromEnd)
            {
                BeginAtEnd();
            }

            return;
        }

        Span<byte> beginning = stackalloc byte[ContentHead.MaxLength];
        var wanted = (int)Math.Clamp(kept.Offset, 0, ContentHead.MaxLength);
        var length = ReadFully(beginning[..wanted]);
        _head.Note(0, beginning[..length]);
        if (kept.Offset <= _seen.Size && length == wanted && kept.FingerprintLength <= length
            && _head.Fingerprint(kept.FingerprintLength) == kept.Fingerprint)
        {
            _read = _taken = kept.Offset;
            Content = NewContent(kept.Generation);
            Content.LinesTaken = kept.Line;
            return;
        }

        _head.Clear();
        Content = NewContent(kept.Generation + 1);
        _announce = true;
    }

    /// <summary>At the end, or at the beginning of the line that is being written there.</summary>
    void BeginAtEnd()
    {
        Span<byte> beginning = stackalloc byte[ContentHead.MaxLength];
        var tail = new byte[Math.Min(_seen.Size, LookBack)];
        var from = _seen.Size - tail.Length;
        var newline = tail.AsSpan(0, ReadFully(tail, from)).LastIndexOf((byte)'\n');
        _old = _seen.Size;
        _read = _taken = newline >= 0 ? from + newline + 1 : from == 0 ? 0 : _seen.Size;
        _head.Note(0, beginning[..ReadFully(beginning[..(int)Math.Min(_read, beginning.Length)])]);
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

        _head.Note(_read, space[..count]);
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
        _read = _taken = _old = 0;
        _head.Clear();
        _settled = _seen.Modified;
        Content = NewContent(Content.Generation + 1);
        LastRead = _context.Clock.GetTimestamp();
        Forget();
    }

    SourceContent NewContent(long generation) => new(Identity.Source, _path, generation, _head);

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

    bool StartsAsBefore()
    {
        Span<byte> beginning = stackalloc byte[ContentHead.MaxLength];
        beginning = beginning[.._head.Length];
        return ReadFully(beginning) == beginning.Length && beginning.SequenceEqual(_head.Bytes);
    }

    int ReadFully(Span<byte> target, long offset = 0)
    {
        var length = 0;
        while (length < target.Length)
        {
            var count = RandomAccess.Read(_handle, target[length..], offset + length);
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        return length;
    }
}
