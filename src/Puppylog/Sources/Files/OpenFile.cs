using Puppylog.Diagnostics;

namespace Puppylog.Sources.Files;

/// <summary>A file that is open and being read.</summary>
abstract class OpenFile : IDisposable
{
    public abstract FileIdentity Identity { get; }

    public abstract SourceContent Content { get; }

    /// <summary>When its inode was made: nanoseconds since 1970; 0 where that is not known.</summary>
    public virtual long Born => 0;

    /// <summary>When the last bytes came, or when the file was opened: a timestamp of the clock.</summary>
    public long LastRead { get; protected set; }

    /// <summary>True where the last look found nothing that was not read.</summary>
    public bool IsAtEnd { get; protected set; }

    /// <summary>True where changes are told of.</summary>
    public virtual bool IsWatched => false;

    public virtual bool IsDeleted => false;

    /// <summary>True for a file that nobody writes to any more: a copy, or a compressed one.</summary>
    public bool IsComplete { get; init; }

    /// <summary>True where the file was cut: <see cref="Content"/> is no longer in it, and has not been read to its end in a copy yet.</summary>
    public virtual bool HasOtherContent => false;

    /// <summary>Bytes still to be read; of a compressed file a guess that is 0 only at its end.</summary>
    public abstract long Remaining { get; }

    public bool IsUndecided { get; protected set; }

    /// <summary>True where the file was empty for long and now is not: what is in it need not be the first that was.</summary>
    public bool CameUnseen { get; protected set; }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public virtual void Look()
    {
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract bool TryRead(out LineRun run);

    /// <summary>An empty run where the content is new, so that its position is kept before its first line is.</summary>
    public abstract bool TryAnnounce(out LineRun run);

    /// <summary>Takes a last line without newline; false where there is none.</summary>
    public abstract bool TryFinish(out LineRun run);

    /// <summary>Bytes from the beginning, as text that is not UTF-16.</summary>
    public abstract int ReadSample(Span<byte> target);

    /// <summary>True where another file holds the beginning of what this one does, or, compressed, all of it.</summary>
    public virtual bool IsCopiedIn(RotatedFile file) => false;

    /// <summary>True where the file holds a content of this one that was cut: when its turn comes, it is read on there.</summary>
    public virtual bool Awaits(RotatedFile file) => false;

    /// <summary>Lets the book know how far the file has been read.</summary>
    public abstract void NotePosition();

    public abstract void Dispose();
}
