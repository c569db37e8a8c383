using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Forwarding.Spooling;

/// <summary>
/// Lines of one source on disk, from the oldest that the server has not acknowledged to the newest: README.md. One thread
/// appends and syncs, any may read and acknowledge.
/// </summary>
sealed class Spool : IDisposable
{
    /// <summary>A file of acknowledged lines that is shorter is not worth a new one.</summary>
    const int WorthEnding = 64 << 10;

    readonly IFileSystem _files;
    readonly string _directory;
    readonly SpoolBudget _budget;
    readonly Lock _gate = new();
    // Under _gate: the files in order; the last is appended to.
    readonly List<SpoolFile> _parts = [];
    long _synced;
    long _acknowledged;
    // The appending thread only: a frame at a time.
    readonly byte[] _frameHeader = new byte[SpoolFormat.FrameHeaderLength];

    Spool(IFileSystem files, string directory, SpoolOrigin origin, SpoolBudget budget)
    {
        _files = files;
        _directory = directory;
        _budget = budget;
        Origin = origin;
    }

    public SpoolOrigin Origin { get; }

    /// <summary>As in a position; one more when the server knows of lines that are not here any more.</summary>
    public long Generation { get; set; }

    /// <summary>Where the lines on disk begin.</summary>
    public long Start
    {
        get
        {
            lock (_gate)
            {
                return _parts[0].Start;
            }
        }
    }

    /// <summary>Where the lines end that last: only they may be sent.</summary>
    public long Synced => Volatile.Read(ref _synced);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public bool IsSynced => Synced == End;

    /// <summary>Called, from the appending thread, when there is more to read.</summary>
    public Action? Grown { get; set; }

    /// <summary>Where the lines end that were appended.</summary>
    public long End
    {
        get
        {
            lock (_gate)
            {
                return _parts[^1].End;
            }
        }
    }

    /// <summary>Opens a spool, or makes one; cuts what a crash has left half written.</summary>
    /// <param name="directory">Its own; its parent is there.</param>
    /// <param name="origin">Whose it is where it is made now; the id is drawn.</param>
    /// <param name="notice">Told of lines that are lost because their bytes do not verify.</param>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static Spool Open(IFileSystem files, string directory, SpoolOrigin origin, SpoolBudget budget, Action<string> notice)
    {
        if (files.CreateDirectory(directory))
        {
            files.SyncDirectory(Path.GetDirectoryName(directory)!);
        }

        var found = SpoolRecovery.Run(files, directory, notice);
        var spool = new Spool(files, directory, found.Parts.Count > 0 ? found.Origin : origin with { Id = Guid.NewGuid() }, budget);
        spool._parts.AddRange(found.Parts);
        budget.Take(found.Parts.Sum(part => part.Length));
        if (found.Parts.Count == 0)
        {
            spool._parts.Add(spool.Make(0, 0));
        }

        spool._acknowledged = spool.Start;
        spool._synced = spool.End;
        return spool;
    }

    /// <summary>Appends lines. They last after <see cref="Sync"/>.</summary>
    /// <exception cref="IOException">Nothing is appended; the same may be tried again.</exception>
    public void Append(ReadOnlyMemory<byte> lines, long left)
    {
        Tidy();
        SpoolFile last;
        lock (_gate)
        {
            last = _parts[^1];
        }

        SpoolFormat.WriteFrame(_frameHeader, last.End, lines.Span, left);
        last.File.Write(last.Length, [_frameHeader, lines]);
        lock (_gate)
        {
            last.Length += SpoolFormat.FrameHeaderLength + lines.Length;
            last.End += lines.Length;
        }

        _budget.Take(SpoolFormat.FrameHeaderLength + lines.Length);
    }

    /// <summary>Makes what was appended last.</summary>
    /// <exception cref="IOException">It is not certain; the same may be tried again.</exception>
    public void Sync()
    {
        SpoolFile last;
        lock (_gate)
        {
            last = _parts[^1];
        }

        if (last.End == Synced)
        {
            return;
        }

        try
        {
            last.File.Sync();
        }
        catch (IOException)
        {
            // Nothing is known of the file's end now: what was not synced is written once more, elsewhere.
            Rewrite(last);
            return;
        }

        Publish(last.End);
    }

    /// <summary>Ends the last file where it is long, or acknowledged as a whole.</summary>
    /// <exception cref="IOException">A new one cannot be made.</exception>
    public void Tidy()
    {
        SpoolFile last;
        lock (_gate)
        {
            last = _parts[^1];
        }

        var isDone = Acknowledged >= last.End && last.Length >= WorthEnding;
        if (last.Length < _budget.FileLength && !isDone)
        {
            return;
        }

        Sync();
        lock (_gate)
        {
            if (!ReferenceEquals(last, _parts[^1]))
            {
                return;
            }
        }

        var next = Make(last.Number + 1, last.End);
        lock (_gate)
        {
            _parts.Add(next);
        }

        DeleteAcknowledged();
    }

    /// <summary>The server has the lines up to here: the files that hold nothing else go.</summary>
    public void Acknowledge(long offset)
    {
        lock (_gate)
        {
            if (offset > _acknowledged && offset <= _parts[^1].End)
            {
                Volatile.Write(ref _acknowledged, offset);
            }
        }

        DeleteAcknowledged();
    }

    /// <summary>The frame that holds an offset, or the first one behind it where that one is lost; false at the end of what lasts.</summary>
    /// <param name="at">Where the frame was looked for last, to go on from; null at first.</param>
    /// <param name="lines">Filled with the frame's lines.</param>
    /// <exception cref="IOException">The disk does not give the bytes.</exception>
    public bool TryRead(long offset, ref SpoolPlace? at, ref byte[] lines, out SpoolFrame frame)
    {
        lock (_gate)
        {
            frame = default;
            while (offset < _synced)
            {
                var place = at is { } known && _parts.Contains(known.Part) ? known : First(offset);
                if (place.Offset >= place.Part.End)
                {
                    var next = _parts.IndexOf(place.Part) + 1;
                    if (next >= _parts.Count)
                    {
                        return false;
                    }

                    (at, offset) = (new(_parts[next], _parts[next].HeaderLength, _parts[next].Start), Math.Max(offset, _parts[next].Start));
                    continue;
                }

                if (!SpoolReading.TryRead(place, ref lines, out frame))
                {
                    // Damaged since it was opened. The rest of the file cannot be told apart any more.
                    at = new(place.Part, place.Part.Length, place.Part.End);
                    offset = Math.Max(offset, place.Part.End);
                    continue;
                }

                at = new(place.Part, place.FileOffset + SpoolFormat.FrameHeaderLength + frame.Length, frame.End);
                if (frame.End > offset)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _parts.ForEach(part => part.Dispose());
            _budget.Give(_parts.Sum(part => part.Length));
            _parts.Clear();
        }
    }

    SpoolPlace First(long offset)
    {
        var part = _parts.FindLast(part => part.Start <= offset) ?? _parts[0];
        return new(part, part.HeaderLength, part.Start);
    }

    SpoolFile Make(long number, long start)
    {
        var header = SpoolFormat.Header(Origin, start);
        var path = Path.Combine(_directory, SpoolFormat.FileName(number));
        if (_files.FileExists(path))
        {
            // Begun by an attempt that failed; nothing was ever read of it.
            _files.Delete(path);
        }

        var file = _files.Create(path);
        try
        {
            file.Write(0, [header]);
            file.Sync();
            _files.SyncDirectory(_directory);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _budget.Take(header.Length);
        return new(path, number, file, start, header.Length);
    }

    void Rewrite(SpoolFile failed)
    {
        var unsynced = new List<(SpoolFrame Frame, byte[] Lines)>();
        var at = new SpoolPlace(failed, failed.HeaderLength, failed.Start);
        var lines = Array.Empty<byte>();
        while (at.Offset < failed.End)
        {
            if (!SpoolReading.TryRead(at, ref lines, out var frame))
            {
                throw new IOException($"{failed.Path} cannot be read back");
            }

            at = new(failed, at.FileOffset + SpoolFormat.FrameHeaderLength + frame.Length, frame.End);
            if (frame.Offset >= Synced)
            {
                unsynced.Add((frame, lines[..frame.Length]));
            }
        }

        var next = Make(failed.Number + 1, Synced);
        try
        {
            foreach (var (frame, bytes) in unsynced)
            {
                SpoolFormat.WriteFrame(_frameHeader, next.End, bytes, frame.Left);
                next.File.Write(next.Length, [_frameHeader, bytes]);
                next.Length += SpoolFormat.FrameHeaderLength + bytes.Length;
                next.End += bytes.Length;
            }

            next.File.Sync();
        }
        catch
        {
            _budget.Give(next.HeaderLength);
            next.Dispose();
            throw;
        }

        lock (_gate)
        {
            _budget.Take(next.Length - next.HeaderLength);
            failed.End = Synced;
            _parts.Add(next);
        }

        Publish(next.End);
    }

    void Publish(long end)
    {
        Volatile.Write(ref _synced, end);
        Grown?.Invoke();
    }

    void DeleteAcknowledged()
    {
        lock (_gate)
        {
            while (_parts.Count > 1 && _parts[0].End <= _acknowledged && _parts[1].Start <= _acknowledged)
            {
                var done = _parts[0];
                try
                {
                    _files.Delete(done.Path);
                }
                catch (IOException)
                {
                    // It goes with the next one, or when the spool is opened again.
                    return;
                }

                _parts.RemoveAt(0);
                _budget.Give(done.Length);
                done.Dispose();
            }
        }
    }
}
