namespace Puppylog.Pipeline;

/// <summary>Where a collector tells what people should know while it runs.</summary>
interface ICollectReport
{
    /// <summary>A sentence, said once per occasion.</summary>
    void Notice(string message);

    /// <summary>A line that is not stored. The bytes are whatever the source holds, control characters included.</summary>
    /// <param name="source">The source as it was named.</param>
    /// <param name="line">The line's number, from 1.</param>
    void InvalidLine(string source, long line, string reason, ReadOnlySpan<byte> text);
}
