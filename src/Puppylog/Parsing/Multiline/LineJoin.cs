namespace Puppylog.Parsing.Multiline;

/// <summary>
/// Which lines of a stream belong together to one record. Asked for every line in order; a line that does not go on with
/// the record before it begins the next one. It only answers: no line is held, dropped or moved. State is that of one
/// stream.
/// </summary>
abstract class LineJoin
{
    /// <summary>Channels that a stream may have.</summary>
    public const int MaxChannels = 4;

    /// <summary>A record of more lines is ended: the next line begins one, whatever it looks like. As many as Filebeat joins.</summary>
    public const int MaxLines = 500;

    /// <summary>True where the stream's lines may be those of several that interleave (<see cref="Channel"/>).</summary>
    public virtual bool HasChannels => false;

    /// <summary>
    /// Which of the streams that interleave in this one the line belongs to, below <see cref="MaxChannels"/>. Asked before
    /// <see cref="Continues"/>, which then means the record of that channel.
    /// </summary>
    public virtual int Channel(ReadOnlySpan<byte> line) => 0;

    /// <summary>True where the line goes on with the record that the lines before it began.</summary>
    /// <param name="line">Without its newline, perhaps with a <c>\r</c>.</param>
    public abstract bool Continues(ReadOnlySpan<byte> line);

    /// <summary>True where the line that was asked about last ends its record: no later line can go on with it.</summary>
    public virtual bool IsComplete => false;

    /// <summary>Forgets the lines before: the next one begins a record.</summary>
    public virtual void Reset()
    {
    }
}
