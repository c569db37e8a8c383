namespace Puppylog.Records;

/// <summary>
/// How far a source has been read: everything before <see cref="Offset"/> is stored. Kept by the store in the same
/// transaction as the records.
/// </summary>
/// <param name="Source">What is read, stable across renames and restarts; for a file <c>file:{device}:{inode}</c>.</param>
/// <param name="Generation">Counts the contents that the source has had: one more at each truncation or reuse of the inode.</param>
/// <param name="Offset">Bytes read and stored, from the content's beginning.</param>
/// <param name="Line">Lines read, for messages.</param>
/// <param name="Path">The name under which it was last seen.</param>
/// <param name="FingerprintLength">Bytes of the content's beginning that the fingerprint covers, up to 1,024, in the lowest 16 bits; what of the fingerprint does not fit into <paramref name="Fingerprint"/> above.</param>
/// <param name="Fingerprint">A hash of them, to tell a reused inode or a rewritten file.</param>
sealed record SourcePosition(
    string Source, long Generation, long Offset, long Line, string Path, int FingerprintLength, ulong Fingerprint)
{
    /// <summary>Begins the names of sources on other machines, whose agents ask for their positions: <c>agent/{id}/file:…</c>.</summary>
    public const string AgentPrefix = "agent/";

    /// <summary>Begins the names under which positions of contents are kept whose inode has another one by now: <c>former:{slot}:{path}</c>.</summary>
    public const string FormerPrefix = "former:";

    /// <summary>True for a content whose inode has another one by now. A copy of it may still be found.</summary>
    public bool IsFormer => Source.StartsWith(FormerPrefix, StringComparison.Ordinal);

    /// <summary>True where the source is read on this machine.</summary>
    public bool IsLocal => !Source.StartsWith(AgentPrefix, StringComparison.Ordinal);
}
