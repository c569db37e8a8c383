namespace Puppylog.Storage.Embedded;

/// <summary>Hears of every commit in the process that writes, from its opening to its end. Disposed of before the store takes no more changes.</summary>
interface ICommitFollower : IAsyncDisposable
{
    /// <summary>Begins; commits may have been told before.</summary>
    void Start();

    /// <summary>Records were committed. Called by the writing thread, which waits: it takes what it is given and returns.</summary>
    void Committed(CountedCommit commit);
}
