namespace Puppylog.Records;

/// <summary>A value as a place in its batch's bytes; a length of -1 means that the record has no such field.</summary>
readonly record struct ByteSpan(int Offset, int Length)
{
    public static ByteSpan Absent => new(0, -1);

    public bool IsAbsent => Length < 0;

    public int End => Offset + Length;
}
