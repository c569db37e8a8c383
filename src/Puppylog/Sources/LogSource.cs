namespace Puppylog.Sources;

/// <summary>Where lines come from. Used by one thread at a time; work begins with the first <see cref="Look"/>.</summary>
abstract class LogSource(string name) : IDisposable
{
    /// <summary>The source as it was named on the command line, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>The file's full path; null where the lines come from no file.</summary>
    public virtual string? FilePath => null;

    /// <summary>True when no more lines will come.</summary>
    public bool IsEnded { get; protected set; }

    /// <summary>Why the source could not be read, or not to its end; null when all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Bytes still to be read as far as is known, for progress.</summary>
    public virtual long Remaining => 0;

    /// <summary>True while a decision waits for a moment to pass, so that the next look should come soon.</summary>
    public virtual bool IsUndecided => false;

    /// <summary>Finds out what has changed.</summary>
    public abstract void Look();

    /// <summary>The next lines; false where there are none at the moment.</summary>
    public abstract bool TryRead(out LineRun run);

    /// <summary>Bytes from the beginning of what is being read, to tell its format; 0 where the next lines must do.</summary>
    public virtual int ReadSample(Span<byte> target) => 0;

    public abstract void Dispose();

    protected void Fail(string reason)
    {
        Failure = reason;
        IsEnded = true;
    }
}
