namespace Puppylog.Sources;

/// <summary>
/// Lines as they stand in a source, valid until the source is read again. Without lines where only the source's position
/// changed.
/// </summary>
/// <param name="lines">The lines.</param>
/// <param name="content">What they are part of.</param>
/// <param name="offset">Where the first byte stands in the content.</param>
/// <param name="peer">Who sent the lines; null where they were not sent.</param>
readonly ref struct LineRun(FramedLines lines, SourceContent content, long offset, SourcePeer? peer = null)
{
    public FramedLines Lines { get; } = lines;

    public SourceContent Content { get; } = content;

    public long Offset { get; } = offset;

    public SourcePeer? Peer { get; } = peer;
}
