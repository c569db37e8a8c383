using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>
/// A path whose file is read, and the files that took its place. A file that was renamed away is read to its end before the
/// next one; each is opened as soon as it is seen, so that a further rename does not lose it.
/// </summary>
sealed class FileSource(string name, SourceContext context) : LogSource(name)
{
    /// <summary>How long a replaced file must have been silent: its writer may not have opened the new one yet.</summary>
    public static readonly TimeSpan ReplacedSilence = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked at while nothing tells of news, or silences are timed.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often it is tried again to read a file that is there and cannot be read.</summary>
    static readonly TimeSpan TroubleInterval = TimeSpan.FromSeconds(5);

    readonly string _path = Path.GetFullPath(name);
    readonly FileQueue _open = new(context);
    FileWatch? _directory;
    FileIdentity? _current;
    // True once an open file was seen to have the path.
    bool _wasThere;
    // Since when files may have come and gone between the one that is read and the next: a timestamp of the clock; null: none was missed.
    long? _search;
    bool _searchesAgain;
    CopyWatch? _copyWatch;
    // True where another source looks for what was rotated: this path is one of its names for that.
    bool _isSibling;
    long _looks;
    bool _started;
    // Until the first file was opened, or was seen not to be there.
    bool _fromEnd = context.FromEnd;
    // The last attempt to read what is open failed.
    bool _cannotRead;

    public override string? FilePath => _path;

    public override long Remaining => _open.Remaining;

    /// <remarks>While a file that lost its place is still open, silences have to be timed.</remarks>
    public override bool TellsOfNews =>
        _directory is { IsGone: false } && _open is { HasOneAtMost: true, Files: [{ IsWatched: true, Remaining: 0, IsUndecided: false } only] } && only.Identity == _current;

    public override TimeSpan LookInterval =>
        IsEnded || _open.IsUndecided || (_open.Remaining > 0 && Hindrance is null) ? TimeSpan.Zero
        : Hindrance is not null && _current is not null ? TroubleInterval
        : TellsOfNews ? Timeout.InfiniteTimeSpan
        : Interval;

    /// <summary>How often it has looked at its path and at all that is open. May be asked from any thread.</summary>
    public long Looks => Volatile.Read(ref _looks);

    public override bool IsUndecided => _open.IsUndecided;

    protected override void LookNow()
    {
        if (IsEnded)
        {
            return;
        }

        try
        {
            if (!_started)
            {
                Start();
            }

            if (_open.LookAtAll() || _searchesAgain)
            {
                _searchesAgain = false;
                _search ??= context.Clock.GetTimestamp();
            }

            LookAtPath();
            Volatile.Write(ref _looks, _looks + 1);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            Trouble($"cannot read {Name}: {Reason(wrong)}", context);
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        try
        {
            if (_open.TryAnnounce(out run) || _open.TryReadLate(out run))
            {
                return true;
            }

            while (!IsEnded && _open.Files.Count > 0)
            {
                var file = _open.Files[0];
                if (_search is not null && file.Identity == _current)
                {
                    OpenMissed();
                    continue;
                }

                if (file.TryRead(out run))
                {
                    return true;
                }

                if (!ReferenceEquals(file, _open.Files[0]))
                {
                    continue;
                }

                if (file.TryAnnounce(out run))
                {
                    return true;
                }

                if (!IsOver(file))
                {
                    return false;
                }

                if (_search is not null)
                {
                    OpenMissed();
                    continue;
                }

                if (file.TryFinish(out run))
                {
                    return true;
                }

                if (context.Watch && _current is not null && !file.IsComplete)
                {
                    _open.MoveLate(file);
                }
                else
                {
                    _open.Close(file);
                }
            }
        }
        catch (IOException wrong)
        {
            _cannotRead = true;
            Trouble($"cannot read {Name}: {Reason(wrong)}", context);
            return false;
        }

        _cannotRead = false;
        IsEnded |= !context.Watch && _started;
        return false;
    }

    public override int ReadSample(Span<byte> target) => _open.Files is [var first, ..] ? first.ReadSample(target) : 0;

    public override void Dispose()
    {
        _open.CloseAll();
        context.Positions.Leave(_path, this);
        if (_directory is not null)
        {
            context.Watcher?.Release(_directory, Path.GetFileName(_path), this);
            _directory = null;
        }
    }

    void Start()
    {
        _started = true;
        WatchDirectory();
        _isSibling = context.EndsWhenGone && RotatedName.Originals(_path).Any(context.Positions.IsKnown);
        context.Positions.Follow(_path, this);
        OpenRotated(context.Clock.GetTimestamp());
    }

    void WatchDirectory()
    {
        if (context.Watch)
        {
            _directory = context.Watcher?.TryWatchDirectory(Path.GetDirectoryName(_path) ?? "/", Path.GetFileName(_path), this);
        }
    }

    void LookAtPath()
    {
        if (!FileStatus.TryFind(_path, out var status))
        {
            _current = null;
            _fromEnd = false;
            if (context.EndsWhenGone)
            {
                IsEnded = _open.IsEmpty;
            }
            else if (context.Watch)
            {
                Hinder(_open.Files.Count == 0 || Hindrance is not null ? $"waiting for {Name}" : null, context.Notice);
            }
            else if (_open.Files.Count == 0)
            {
                Fail($"{Name}: no such file");
            }

            return;
        }

        if (status.Kind != FileKind.Regular)
        {
            _current = null;
            var what = status.Kind == FileKind.Directory ? "is a directory; name the files in it" : "is not a file";
            Trouble($"{Name} {what}", context, lasting: true);
            return;
        }

        _current = status.Identity;
        if (_open.TryMoveLast(status.Identity))
        {
            _wasThere = true;
            if (!_cannotRead)
            {
                Hinder(null, context.Notice);
            }

            return;
        }

        var verdict = default(CopyVerdict);
        if (context.EndsWhenGone && !(_copyWatch ??= new(_path, context, this)).TryJudge(status, out verdict))
        {
            return;
        }

        _copyWatch = null;

        if (!context.Positions.TryClaim(status.Identity, this, out var reader))
        {
            if (!context.EndsWhenGone)
            {
                Hinder($"{Name} is the same file as {reader.Name}; it is read once", context.Notice);
            }

            return;
        }

        Open(_path, status, _open.Files.Count, new() { FromEnd = _fromEnd && status.Born < context.StartedAt, Continues = verdict.Continues, Ending = ReadOnInCopy });
        if (_wasThere)
        {
            // A store that could not take more lets many rotations pass; and what is being renamed or compressed now is found when the next file's turn comes.
            var now = context.Clock.GetTimestamp();
            OpenRotated(now);
            _search = now;
        }

        _wasThere |= _open.IsOpen(status.Identity);
    }

    /// <summary>Opens files that had the path between two looks.</summary>
    void OpenMissed()
    {
        var after = _search!.Value;
        _search = null;
        OpenRotated(after);
    }

    void Open(string path, FileStatus status, int place, FileBeginning beginning)
    {
        var identity = status.Identity;
        OpenFile file;
        try
        {
            if (context.Positions.FormerOf(status) is { } former)
            {
                _open.Announce(former);
            }

            file = ContentProbe.IsCompressed(path) && path != _path
                ? CompressedFile.Open(path, _path, context, beginning.Continues)
                : FollowedFile.Open(path, context.EndsWhenGone ? RotatedName.Base(_path) : _path, context, this, beginning);
        }
        catch
        {
            context.Positions.Release(identity);
            throw;
        }

        if (file.Identity != identity)
        {
            // Replaced between the look and the opening: the next look finds the new one.
            file.Dispose();
            context.Positions.Release(identity);
            return;
        }

        _open.Insert(place, file);
        _fromEnd = false;
        if (_directory is not { IsGone: false })
        {
            // It was made, or made again, since it was asked for.
            WatchDirectory();
        }

        Hinder(null, context.Notice);
    }

    /// <summary>Opens what was read, or would have been, under this path and has another name by now.</summary>
    void OpenRotated(long after)
    {
        if (_isSibling)
        {
            return;
        }

        _open.NotePositions();
        var (files, known) = RotatedFiles.Find(_path, context, _open.All, after);
        foreach (var position in known)
        {
            context.Positions.Note(position);
            _open.Announce(position);
        }

        foreach (var file in files)
        {
            // The path's own file comes last.
            var place = _open.Files.Count - (_open.Files is [.., var last] && last.Identity == _current ? 1 : 0);
            _ = TryOpenRotated(file, place);
        }
    }

    bool TryOpenRotated(RotatedFile file, int place)
    {
        var identity = file.Status.Identity;
        if (_open.IsOpen(identity) || !context.Positions.TryClaim(identity, this, out _))
        {
            return false;
        }

        try
        {
            Open(file.Path, file.Status, place, new() { Continues = file.Continues, IsComplete = file.IsComplete });
            return _open.IsOpen(identity);
        }
        catch (FileNotFoundException)
        {
            // Renamed or compressed a moment ago.
            _searchesAgain = true;
            return false;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            context.Notice($"cannot read the rest of {file.Path}: {Reason(wrong)}");
            return false;
        }
    }

    /// <summary>After a file was cut: reads on in the copy that was made of it, if it is there, and in those that were made since.</summary>
    bool ReadOnInCopy(FollowedFile file, SourcePosition reached, SourcePosition whole)
    {
        var place = _open.PlaceOf(file);
        if (place < 0)
        {
            return false;
        }

        var now = context.Clock.GetTimestamp();
        context.Positions.Note(reached);
        var isFound = RotatedFiles.FindCopy(_path, context, now, reached, whole, _open.IsOpen) is { } copy && (_open.IsOpen(copy.Status.Identity) || TryOpenRotated(copy, place));
        OpenRotated(now);
        return isFound;
    }

    bool IsOver(OpenFile file)
    {
        if (!context.Watch)
        {
            return file.IsAtEnd;
        }

        if (file.IsComplete)
        {
            return file.Remaining == 0;
        }

        if (file.Identity == _current || file.Remaining > 0)
        {
            return false;
        }

        var silence = context.Clock.GetElapsedTime(file.LastRead);
        // With two successors its writer has moved on long ago.
        return _current is not null ? _open.Files.Count > 2 || silence >= ReplacedSilence : (file.IsDeleted || context.EndsWhenGone) && silence >= FileQueue.LostSilence;
    }
}
