using System.Runtime.InteropServices;
using Puppylog.Diagnostics;
using Puppylog.Sources.Native;

namespace Puppylog.Sources.Streams;

/// <summary>
/// A named pipe, read straight into what is parsed: the pipe is the only buffer, and where the store is slow its writers
/// wait. Any number of writers may come and go while it is watched; the first line of one that comes begins a line when there
/// was no writer before it.
/// </summary>
/// <param name="makes">True to make the pipe where it is missing.</param>
sealed class PipeSource(string name, string path, bool makes, SourceContext context) : LogSource(name)
{
    /// <summary>Owner and group; what a writer outside of the group has to say is not asked for.</summary>
    const uint Mode = 0x1b0;

    /// <summary>How often the path is looked at: another pipe may have taken its place.</summary>
    static readonly TimeSpan PathInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often the end is closed at the most where writers go on writing at once.</summary>
    const int MostClosings = 100;

    readonly LineFramer _framer = new(context.MaxLine);
    readonly SourceContent _content = new(null, path, 0, new ContentHead(0));
    Readiness? _readiness;
    PipeEnd? _end;
    FileIdentity _identity;
    // The path has another pipe by now; this one is read until it is empty.
    bool _isReplaced;
    long? _lookedAt;
    long _taken;
    bool _isStopping;
    // When stopping: bytes that were in the pipe, and how often it was closed.
    int _toDrain;
    int _closings;

    public override string? FilePath => path;

    public override bool IsReplayable => false;

    public override long Remaining => _end?.Waiting ?? 0;

    protected override void LookNow()
    {
        if (IsEnded || _isStopping || (_lookedAt is { } last && context.Clock.GetElapsedTime(last) < PathInterval))
        {
            return;
        }

        _lookedAt = context.Clock.GetTimestamp();
        try
        {
            LookAtPath();
        }
        catch (IOException wrong)
        {
            Trouble($"cannot read {Name}: {wrong.Message}", context);
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        while (!IsEnded)
        {
            if (_framer.TryTake(out var lines))
            {
                run = Place(lines);
                return true;
            }

            var count = _end is null ? -1 : Fill();
            if (count > 0 || (_isStopping && TryGoOn()))
            {
                continue;
            }

            if (count < 0 && !_isStopping && !(_isReplaced && _end is not null))
            {
                Await();
                return false;
            }

            // Half a line of a writer that has gone is a line; what another writes does not go on with it.
            var hasRest = _framer.TryTakeRest(out lines);
            LeaveWriters();
            if (hasRest)
            {
                run = Place(lines);
                return true;
            }
        }

        return false;
    }

    public override void Stop()
    {
        _isStopping = true;
        _toDrain = _end?.Waiting ?? 0;
        IsEnded |= _end is null;
    }

    public override void Dispose()
    {
        Close();
        _readiness?.Dispose();
        _readiness = null;
        _framer.Dispose();
    }

    /// <summary>Bytes read; 0 where all writers have gone; -1 where there is nothing at the moment.</summary>
    int Fill()
    {
        if (_isStopping && _toDrain == 0)
        {
            return 0;
        }

        try
        {
            var space = _framer.Space();
            var count = _end!.Read(_isStopping ? space[..Math.Min(space.Length, _toDrain)] : space);
            if (count > 0)
            {
                _framer.Advance(count);
                _toDrain -= _isStopping ? count : 0;
            }

            return _isStopping && count < 0 ? 0 : count;
        }
        catch (IOException wrong)
        {
            Trouble($"cannot read {Name}: {wrong.Message}", context);
            Close();
            return -1;
        }
    }

    void Await()
    {
        _framer.Trim();
        if (_end is not null)
        {
            _readiness!.Arm(_end.Handle);
        }
    }

    /// <summary>All writers have gone, or the pipe has lost its place, or it has been closed.</summary>
    void LeaveWriters()
    {
        if (_isStopping || !context.Watch || (_end!.IsNameless && !_isReplaced))
        {
            IsEnded = true;
        }
        else if (_isReplaced)
        {
            Close();
        }
        else
        {
            Renew();
        }
    }

    /// <summary>Opens another end on the same pipe: one that waits for the next writer, where this one goes on telling that the last has gone.</summary>
    void Renew()
    {
        // The pipe lives as long as one end is open: what a writer adds meanwhile is in the new one.
        using var before = _end!;
        _readiness!.Remove(before.Handle);
        _end = null;
        try
        {
            Open(before.Path);
        }
        catch (IOException wrong)
        {
            Trouble($"cannot read {Name}: {wrong.Message}", context);
        }
    }

    /// <summary>When stopping: closes the end; false where nothing is left in the pipe.</summary>
    bool TryGoOn()
    {
        if (_end is null)
        {
            return false;
        }

        _readiness!.Remove(_end.Handle);
        if (++_closings > MostClosings)
        {
            context.Notice($"{Name}: writers go on; what is still in the pipe is lost unless they keep it open");
            Close();
            return false;
        }

        _end = _end.CloseOrReopen();
        _toDrain = _end?.Waiting ?? 0;
        return _end is not null;
    }

    void LookAtPath()
    {
        if (!FileStatus.TryFind(path, out var status))
        {
            _isReplaced |= _end is not null;
            if (_end is null && makes)
            {
                Make();
            }
            else if (_end is null && context.EndsWhenGone)
            {
                IsEnded = true;
            }
            else if (_end is null)
            {
                Trouble(context.Watch ? $"waiting for {Name}" : $"{Name}: no such file", context);
            }

            return;
        }

        if (status.Kind != FileKind.Pipe)
        {
            _isReplaced |= _end is not null;
            Trouble($"{Name} is not a named pipe", context);
            return;
        }

        if (_end is not null)
        {
            _isReplaced = status.Identity != _identity;
            return;
        }

        Open(path);
        _end!.Enlarge();
        _identity = status.Identity;
        Hinder(null, context.Notice);
    }

    void Make()
    {
        if (LibC.MakePipe(path, Mode) != 0 && Marshal.GetLastPInvokeError() != LibC.FileExists)
        {
            throw new IOException($"it cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        LookAtPath();
    }

    void Open(string place)
    {
        _readiness ??= new(context.Wake);
        _end = PipeEnd.Open(place);
        _isReplaced = false;
        _readiness.Add(_end.Handle);
    }

    void Close()
    {
        if (_end is not null)
        {
            _readiness!.Remove(_end.Handle);
            _end.Dispose();
            _end = null;
            _isReplaced = false;
            _lookedAt = null;
        }
    }

    LineRun Place(FramedLines lines)
    {
        var run = new LineRun(lines, _content, _taken);
        _taken += lines.Covered;
        return run;
    }
}
