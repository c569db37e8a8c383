using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources;

/// <summary>
/// A path whose file is read, and the files that took its place. A file that was renamed away is read to its end before the
/// next one; each is opened as soon as it is seen, so that a further rename does not lose it.
/// </summary>
sealed class FileSource(string name, SourceContext context) : LogSource(name)
{
    /// <summary>How long a replaced file must have been silent: its writer may not have opened the new one yet.</summary>
    public static readonly TimeSpan ReplacedSilence = TimeSpan.FromSeconds(1);

    /// <summary>How long a file that lost its place must have been silent to be let go of.</summary>
    public static readonly TimeSpan LostSilence = TimeSpan.FromSeconds(60);

    /// <summary>Nanoseconds by which a time of birth may lag behind the clock.</summary>
    const long ClockSlack = Timestamps.Second;

    readonly string _path = Path.GetFullPath(name);
    // Oldest first; the last one is, or was, the path's.
    readonly List<FollowedFile> _files = [];
    // Read to their end, their successor's turn has come; late lines of a writer that still has them open are read too.
    readonly List<FollowedFile> _late = [];
    FileWatch? _directory;
    FileIdentity? _current;
    // When an open file was last seen to have the path: nanoseconds since 1970; 0 for never.
    long _held;
    bool _started;
    // Until the first file was opened, or was seen not to be there.
    bool _fromEnd = context.FromEnd;
    string? _said;

    public override string? FilePath => _path;

    public override long Remaining => _files.Sum(file => file.Remaining);

    /// <remarks>While a file that lost its place is still open, silences have to be timed.</remarks>
    public override bool TellsOfNews =>
        _directory is not null && _late.Count == 0 && _files.Count == 1 && _files[0].IsWatched && _files[0].Identity == _current && _files[0].Remaining == 0 && !_files[0].IsUndecided;

    public override bool IsUndecided => _files.Exists(file => file.IsUndecided);

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

            foreach (var file in _files)
            {
                file.Look();
            }

            foreach (var file in _late)
            {
                file.Look();
            }

            LookAtPath();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            Trouble($"cannot read {Name}: {Reason(wrong)}");
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        try
        {
            if (TryAnnounce(out run) || TryReadLate(out run))
            {
                return true;
            }

            while (!IsEnded && _files.Count > 0)
            {
                var file = _files[0];
                if (file.TryRead(out run))
                {
                    return true;
                }

                if (!IsOver(file))
                {
                    return false;
                }

                if (file.TryFinish(out run))
                {
                    return true;
                }

                if (context.Watch && _current is not null)
                {
                    _files.Remove(file);
                    _late.Add(file);
                }
                else
                {
                    Close(file);
                }
            }
        }
        catch (IOException wrong)
        {
            Trouble($"cannot read {Name}: {Reason(wrong)}");
            return false;
        }

        IsEnded |= !context.Watch && _started;
        return false;
    }

    public override int ReadSample(Span<byte> target) => _files.Count > 0 ? _files[0].ReadSample(target) : 0;

    public override void Dispose()
    {
        foreach (var file in _files.Concat(_late).ToList())
        {
            Close(file);
        }

        if (_directory is not null)
        {
            context.Watcher?.Release(_directory, Path.GetFileName(_path), this);
            _directory = null;
        }
    }

    void Start()
    {
        _started = true;
        if (context.Watch)
        {
            _directory = context.Watcher?.TryWatchDirectory(Path.GetDirectoryName(_path) ?? "/", Path.GetFileName(_path), this);
        }

        OpenRotated(bornAfter: 0);
    }

    void LookAtPath()
    {
        if (!FileStatus.TryFind(_path, out var status))
        {
            _current = null;
            _fromEnd = false;
            if (context.EndsWhenGone)
            {
                IsEnded = _files.Count == 0 && _late.Count == 0;
            }
            else if (context.Watch)
            {
                Say(_files.Count == 0 || _said is not null ? $"waiting for {Name}" : null);
            }
            else if (_files.Count == 0)
            {
                Fail($"{Name}: no such file");
            }

            return;
        }

        if (status.Kind != FileKind.Regular)
        {
            _current = null;
            var what = status.Kind == FileKind.Directory ? "is a directory; name the files in it" : "is not a file";
            Trouble($"{Name} {what}", lasting: true);
            return;
        }

        _current = status.Identity;
        if (_files.Concat(_late).FirstOrDefault(file => file.Identity == status.Identity) is { } open)
        {
            // Renamed away and back again: what had its place for a while is read first.
            _files.Remove(open);
            _late.Remove(open);
            _files.Add(open);
            _held = Timestamps.Now(context.Clock);
            Say(null);
            return;
        }

        if (!context.Positions.TryClaim(status.Identity, this, out var reader))
        {
            if (!context.EndsWhenGone)
            {
                Say($"{Name} is the same file as {reader.Name}; it is read once");
            }

            return;
        }

        OpenMissed();
        Open(_path, status.Identity, _fromEnd);
    }

    /// <summary>Opens files that had the path between two looks; a store that could not take more lets many rotations pass.</summary>
    void OpenMissed()
    {
        if (_held == 0)
        {
            return;
        }

        foreach (var file in _files.Concat(_late))
        {
            file.NotePosition();
        }

        OpenRotated(_held - ClockSlack);
    }

    void Open(string path, FileIdentity identity, bool fromEnd = false)
    {
        FollowedFile file;
        try
        {
            file = FollowedFile.Open(path, _path, context, this, fromEnd);
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

        _files.Add(file);
        _fromEnd = false;
        Say(null);
    }

    /// <summary>Opens what was read, or would have been, under this path and has another name by now.</summary>
    void OpenRotated(long bornAfter)
    {
        foreach (var (path, identity) in RotatedFiles.Find(_path, context.Positions, bornAfter))
        {
            if (IsOpen(identity) || !context.Positions.TryClaim(identity, this, out _))
            {
                continue;
            }

            try
            {
                Open(path, identity);
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                context.Notice($"cannot read the rest of {path}: {Reason(wrong)}");
            }
        }
    }

    bool IsOpen(FileIdentity identity) => _files.Concat(_late).Any(file => file.Identity == identity);

    bool TryAnnounce(out LineRun run)
    {
        foreach (var file in _files)
        {
            if (file.TryAnnounce(out run))
            {
                return true;
            }
        }

        run = default;
        return false;
    }

    bool TryReadLate(out LineRun run)
    {
        foreach (var file in _late)
        {
            if (file.TryRead(out run))
            {
                return true;
            }

            if (file.Remaining == 0 && context.Clock.GetElapsedTime(file.LastRead) >= LostSilence)
            {
                if (file.TryFinish(out run))
                {
                    return true;
                }

                Close(file);
                break;
            }
        }

        run = default;
        return false;
    }

    bool IsOver(FollowedFile file)
    {
        if (!context.Watch)
        {
            return file.IsAtEnd;
        }

        if (file.Identity == _current || file.Remaining > 0)
        {
            return false;
        }

        var silence = context.Clock.GetElapsedTime(file.LastRead);
        // With two successors its writer has moved on long ago.
        return _current is not null ? _files.Count > 2 || silence >= ReplacedSilence : (file.IsDeleted || context.EndsWhenGone) && silence >= LostSilence;
    }

    void Close(FollowedFile file)
    {
        _files.Remove(file);
        _late.Remove(file);
        context.Positions.Release(file.Identity);
        file.Dispose();
    }

    void Trouble(string message, bool lasting = false)
    {
        if (context.Watch && !lasting)
        {
            Say(message);
        }
        else
        {
            Fail(message);
        }
    }

    /// <summary>Says something once, until something else is to be said; null: all is well again.</summary>
    void Say(string? message)
    {
        if (message != _said)
        {
            _said = message;
            if (message is not null)
            {
                context.Notice(message);
            }
        }
    }

    static string Reason(Exception wrong) => wrong is UnauthorizedAccessException ? "permission denied" : wrong.Message;
}
