using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>A commit whose records are encoded: what is written here, or shipped to the process that writes.</summary>
/// <param name="Parts">Its blocks, in order.</param>
/// <param name="Positions">Moves of sources.</param>
/// <param name="Keys">The client's idempotency keys.</param>
sealed record EncodedCommit(
    IReadOnlyList<EncodedPart> Parts, IReadOnlyList<PositionChange> Positions, IReadOnlyList<string> Keys) : IDisposable
{
    /// <summary>
    /// A key that the sender made for this commit alone, so that it can send it again when it never saw the answer. Finding
    /// it means that the first attempt was stored: a success, not <see cref="CommitReceipt.AlreadyStored"/>.
    /// </summary>
    public string? RetryKey { get; init; }

    /// <summary>What the blocks' bytes belong to, where they came in one message.</summary>
    public IDisposable? Owner { get; init; }

    public long Bytes => Parts.Sum(part => (long)part.Block.Body.Length);

    public long Records => Parts.Sum(part => (long)part.Block.Records);

    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Block.Dispose();
        }

        Owner?.Dispose();
    }
}
