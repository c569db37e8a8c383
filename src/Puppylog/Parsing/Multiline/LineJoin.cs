namespace Puppylog.Parsing.Multiline;

/// <summary>
/// The rule by which lines of one stream are joined to records. Called for each line in order; keeps state between lines.
/// Not thread-safe.
/// </summary>
abstract class LineJoin
{
    /// <summary>Channels that a stream may have.</summary>
    public const int MaxChannels = 4;

    /// <summary>
    /// The channel of a line, from 0, where several interleave in one stream, like stdout and stderr of a container. Called
    /// just before <see cref="Continues"/>.
    /// </summary>
    public virtual int Channel(ReadOnlySpan<byte> line) => 0;

    /// <summary>True where the line goes on with the record that the lines of its channel before it began.</summary>
    /// <param name="line">Without its newline, perhaps with a <c>\r</c>.</param>
    public abstract bool Continues(ReadOnlySpan<byte> line);

    /// <summary>True where the line that was asked about last ends its record: no later line can go on with it.</summary>
    public virtual bool IsComplete => false;

    /// <summary>Forgets the lines before: what comes next begins a record.</summary>
    public virtual void Reset()
    {
    }
}
