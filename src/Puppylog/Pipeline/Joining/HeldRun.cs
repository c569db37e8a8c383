using Puppylog.Sources;

namespace Puppylog.Pipeline.Joining;

/// <summary>Where bytes that a <see cref="RecordJoiner"/> holds stand in their source.</summary>
/// <param name="Start">The first byte's place in what is held.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Offset">The first byte's place in the content.</param>
/// <param name="EndOffset">The place behind the last one; farther than the bytes are long where a line was cut.</param>
readonly record struct HeldRun(SourceContent Content, int Start, int End, long Offset, long EndOffset)
{
    /// <summary>The place in the content of a place in what is held.</summary>
    public long At(int place) => place >= End ? EndOffset : Offset + (place - Start);
}
