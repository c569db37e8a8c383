namespace Puppylog.Sources;

/// <summary>Where lines come from. Used by one thread at a time; work begins with the first <see cref="Look"/>.</summary>
abstract class LogSource(string name) : IDisposable, IWatchHolder
{
    bool _woken = true;

    /// <summary>The source as it was named on the command line, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>The file's full path; null where the lines come from no file.</summary>
    public virtual string? FilePath => null;

    /// <summary>What the records of all its lines have in common, beside the file.</summary>
    public IReadOnlyList<SourceField> Fields { get; set; } = [];

    /// <summary>The format of its lines where nothing else is asked for; null where they have to tell it.</summary>
    public virtual string? Format => null;

    /// <summary>True where a line is a record whatever its format: lines of several senders lie between each other.</summary>
    public virtual bool HasWholeRecords => false;

    /// <summary>True where positions are kept, so that what was not stored comes again.</summary>
    public virtual bool IsReplayable => true;

    /// <summary>True where what was taken in is read to its end before the source is let go of, though the run goes on.</summary>
    public virtual bool IsReadOut => !IsReplayable;

    /// <summary>True when no more lines will come.</summary>
    public bool IsEnded { get; protected set; }

    /// <summary>Why the source could not be read, or not to its end; null when all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>What keeps it from being read at the moment, in a sentence; null when all is well. May be asked from any thread.</summary>
    public string? Hindrance { get; private set; }

    /// <summary>Bytes still to be read as far as is known, for progress.</summary>
    public virtual long Remaining => 0;

    /// <summary>True while a decision waits for a moment to pass, so that the next look should come soon.</summary>
    public virtual bool IsUndecided => false;

    /// <summary>True where the source says by <see cref="Wake"/> when to look at it, and now and then will do otherwise.</summary>
    public virtual bool TellsOfNews => false;

    /// <summary>
    /// Time after which it should be looked at though nothing was told: zero for every occasion, infinite where it
    /// <see cref="TellsOfNews"/>.
    /// </summary>
    public virtual TimeSpan LookInterval => TellsOfNews ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;

    /// <summary>Called, once or more often, when the source may have something new.</summary>
    public virtual void Wake()
    {
        if (!_woken)
        {
            _woken = true;
            Woken?.Invoke(this);
        }
    }

    /// <summary>Who is told of the first <see cref="Wake"/> since <see cref="Look"/>.</summary>
    public Action<LogSource>? Woken { get; set; }

    /// <summary>Finds out what has changed.</summary>
    public void Look()
    {
        _woken = false;
        LookNow();
    }

    protected abstract void LookNow();

    /// <summary>The next lines; false where there are none at the moment.</summary>
    public abstract bool TryRead(out LineRun run);

    /// <summary>Bytes from the beginning of what is being read, as they are; 0 where the next lines must do.</summary>
    public virtual int ReadSample(Span<byte> target) => 0;

    /// <summary>Lines from the beginning of what is being read, to tell their format; empty where the next ones must do.</summary>
    /// <param name="target">Room for what is looked at.</param>
    public ReadOnlySpan<byte> Sample(Span<byte> target) => ByteOrderMark.ToText(target[..ReadSample(target)]);

    /// <summary>
    /// Takes in no more than what is there already. The source ends soon, when that has been read. Called only where what was
    /// taken in could not be read again, or <see cref="IsReadOut"/>.
    /// </summary>
    public virtual void Stop() => IsEnded = true;

    public abstract void Dispose();

    /// <summary>Says what keeps the source from being read, once until it is something else; null: all is well again.</summary>
    /// <param name="notice">Takes the sentence.</param>
    protected void Hinder(string? hindrance, Action<string> notice)
    {
        if (hindrance != Hindrance)
        {
            Hindrance = hindrance;
            if (hindrance is not null)
            {
                notice(hindrance);
            }
        }
    }

    /// <summary>The source cannot be read: a run that follows tries again, another ends with it.</summary>
    /// <param name="lasting">True where trying again would not help.</param>
    protected void Trouble(string message, SourceContext context, bool lasting = false)
    {
        if (context.Watch && !lasting)
        {
            Hinder(message, context.Notice);
        }
        else
        {
            Fail(message);
        }
    }

    /// <remarks>The framework puts the path behind the system's words.</remarks>
    protected static string Reason(Exception wrong) => wrong is UnauthorizedAccessException ? "permission denied" : wrong.Message.Split(" : '")[0];

    protected void Fail(string reason)
    {
        Failure = reason;
        IsEnded = true;
    }
}
