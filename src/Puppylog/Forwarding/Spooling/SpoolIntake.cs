using Puppylog.Sources;

namespace Puppylog.Forwarding.Spooling;

/// <summary>
/// Takes lines out of a source that cannot be read again and into a spool, on a thread of its own: whatever the way to the
/// server does, the source is read on while there is room.
/// </summary>
sealed class SpoolIntake : IDisposable
{
    /// <summary>How long lines wait at most for others to be synced with.</summary>
    static readonly TimeSpan SyncInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a source is looked at that says nothing.</summary>
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Bytes after which waiting for others is no use.</summary>
    const int SyncBytes = 4 << 20;

    readonly LogSource _source;
    readonly Spool _spool;
    readonly SpoolBudget _budget;
    readonly Action<string> _notice;
    readonly TimeProvider _clock;
    readonly AutoResetEvent _wake = new(false);
    readonly Thread _thread;
    volatile bool _stopping;
    volatile bool _isEnded;
    byte[] _copy = [];
    long _syncedAt;
    long _unsynced;
    string? _trouble;

    /// <param name="open">Makes the source; nothing of it is read yet.</param>
    public SpoolIntake(Spool spool, SpoolBudget budget, Func<Action, LogSource> open, Action<string> notice, TimeProvider clock)
    {
        _spool = spool;
        _budget = budget;
        _notice = notice;
        _clock = clock;
        _source = open(() => _wake.Set());
        _syncedAt = clock.GetTimestamp();
        _thread = new Thread(Run) { IsBackground = true, Name = "spool" };
    }

    public Spool Spool => _spool;

    /// <summary>True when nothing more will be appended, and what was lasts.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Why the source could not be read, or not to its end; null when all is well.</summary>
    public string? Failure => _source.Failure;

    public void Start() => _thread.Start();

    /// <summary>Looks once and takes what is there; false where there was nothing, or no room.</summary>
    public bool Step()
    {
        var taken = false;
        _source.Look();
        while (HasRoom() && _source.TryRead(out var run))
        {
            taken = true;
            if (!run.Lines.Bytes.IsEmpty)
            {
                Append(run.Lines);
            }

            SyncIfDue();
        }

        SyncIfDue();
        return taken;
    }

    /// <summary>Makes last what was taken, and what the source holds in memory.</summary>
    public void Finish()
    {
        while (_source.TryRead(out var run))
        {
            if (!run.Lines.Bytes.IsEmpty)
            {
                Append(run.Lines);
            }
        }

        while (!TrySync() && !_stopping)
        {
            _wake.WaitOne(Poll);
        }

        _isEnded = true;
        _spool.Grown?.Invoke();
    }

    /// <summary>Takes no more; what was taken is on disk when this returns.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.ThreadState != (ThreadState.Background | ThreadState.Unstarted))
        {
            _thread.Join();
        }

        _source.Dispose();
        _wake.Dispose();
    }

    void Run()
    {
        while (!_stopping && !_source.IsEnded)
        {
            if (!Step() && !_source.IsEnded)
            {
                _wake.WaitOne(_unsynced > 0 ? SyncInterval / 4 : Poll);
            }
        }

        Finish();
    }

    bool HasRoom()
    {
        if (_stopping)
        {
            return false;
        }

        if (_budget.IsFull)
        {
            TryTidy();
        }

        if (!_budget.IsFull)
        {
            Tell(null);
            return true;
        }

        Tell($"the spool holds {_budget.Used >> 20} MiB, all that it may: {_source.Name} is not read on until the server has taken some");
        return false;
    }

    void Append(FramedLines lines)
    {
        if (_copy.Length < lines.Bytes.Length)
        {
            _copy = new byte[Math.Max(lines.Bytes.Length, LineFramer.ReadSize)];
        }

        lines.Bytes.CopyTo(_copy);
        var bytes = _copy.AsMemory(0, lines.Bytes.Length);
        while (true)
        {
            try
            {
                _spool.Append(bytes, lines.Left);
                _unsynced += bytes.Length;
                return;
            }
            catch (IOException e)
            {
                Tell($"the spool cannot take what {_source.Name} gives: {e.Message}; it is not read on until it can");
                if (_stopping)
                {
                    _notice($"{bytes.Length} bytes that {_source.Name} gave are lost: {e.Message}");
                    return;
                }

                _wake.WaitOne(Poll);
            }
        }
    }

    void SyncIfDue()
    {
        if (_unsynced >= SyncBytes || (_unsynced > 0 && _clock.GetElapsedTime(_syncedAt) >= SyncInterval))
        {
            TrySync();
        }
    }

    bool TrySync()
    {
        try
        {
            _spool.Sync();
            _unsynced = 0;
            _syncedAt = _clock.GetTimestamp();
            return true;
        }
        catch (IOException e)
        {
            Tell($"the spool of {_source.Name} cannot be written: {e.Message}");
            return false;
        }
    }

    void TryTidy()
    {
        try
        {
            _spool.Tidy();
        }
        catch (IOException e)
        {
            Tell($"the spool of {_source.Name} cannot be written: {e.Message}");
        }
    }

    /// <summary>Says what keeps lines from being taken, once; null where nothing does any more.</summary>
    void Tell(string? trouble)
    {
        if (trouble is not null && _trouble is null)
        {
            _notice(trouble);
        }
        else if (trouble is null && _trouble is not null)
        {
            _notice($"{_source.Name} is read on");
        }

        _trouble = trouble;
    }
}
