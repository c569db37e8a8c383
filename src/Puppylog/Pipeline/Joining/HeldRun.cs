using Puppylog.Sources;

namespace Puppylog.Pipeline.Joining;

/// <summary>Where bytes that a <see cref="RecordJoiner"/> holds stand in their source.</summary>
/// <param name="Start">The first byte's place in what is held.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Offset">The first byte's place in the content.</param>
/// <param name="EndOffset">The place behind the last one; farther than the bytes are long where a line was cut.</param>
/// <param name="Left">As <see cref="FramedLines.Left"/>.</param>
/// <param name="Lead">As <see cref="FramedLines.Lead"/>.</param>
/// <param name="IsDecoded">As <see cref="FramedLines.IsDecoded"/>.</param>
readonly record struct HeldRun(SourceContent Content, int Start, int End, long Offset, long EndOffset, long Left, int Lead, bool IsDecoded)
{
    /// <summary>The place in the content of a line's beginning in what is held.</summary>
    /// <param name="place">Its place there.</param>
    /// <param name="held">What is held.</param>
    public long At(int place, ReadOnlySpan<byte> held) =>
        place <= Start ? Offset : place >= End ? EndOffset : Offset + Lead + FramedLines.InputLength(held[Start..place], IsDecoded);

    /// <summary>What is left of it when what is held goes on at a line's beginning that is not behind its end.</summary>
    public HeldRun From(int place, ReadOnlySpan<byte> held) => place <= Start ? this : this with { Start = place, Offset = At(place, held), Lead = 0 };

    public HeldRun MoveBack(int by) => this with { Start = Start - by, End = End - by };

    /// <summary>Its lines as they came.</summary>
    public LineRun Lines(ReadOnlySpan<byte> bytes) =>
        new(new() { Bytes = bytes, Covered = EndOffset - Offset, Left = Left, Lead = Lead, IsDecoded = IsDecoded }, Content, Offset);
}
