namespace Puppylog.Records.Columns;

/// <summary>A list of byte strings in one buffer: entry i is <c>bytes[offsets[i] .. offsets[i + 1]]</c>.</summary>
sealed class ByteTable(byte[] bytes, int[] offsets)
{
    public int Count => Offsets.Length - 1;

    public byte[] Bytes { get; } = bytes;

    public int[] Offsets { get; } = offsets;

    public ReadOnlySpan<byte> this[int index] => Bytes.AsSpan(Offsets[index], Offsets[index + 1] - Offsets[index]);
}
