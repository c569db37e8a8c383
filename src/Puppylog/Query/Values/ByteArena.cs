using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Byte strings one after the other in chunks that never move, so that growing copies nothing and wastes at most the end
/// of a chunk.
/// </summary>
/// <param name="memory">Charged for each chunk; null for an arena of one block.</param>
sealed class ByteArena(QueryMemory? memory)
{
    const int FirstChunk = 1 << 10;
    const int ChunkBits = 20;

    /// <summary>A place is 16 bits of chunk, 20 bits of offset, 28 bits of length.</summary>
    const int LengthBits = 28;
    const int MaxChunks = 1 << 16;

    byte[][] _chunks = new byte[4][];
    int _count;
    int _used;
    long _charged;

    public ReadOnlySpan<byte> this[ulong place] => place == 0
        ? default
        : _chunks[(int)(place >> (ChunkBits + LengthBits))].AsSpan((int)(place >> LengthBits) & ((1 << ChunkBits) - 1), (int)place & ((1 << LengthBits) - 1));

    /// <returns>The place; 0 for the empty string.</returns>
    /// <exception cref="QueryMemoryException">The budget is spent.</exception>
    public ulong Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        if (_count == 0 || bytes.Length > _chunks[_count - 1].Length - _used)
        {
            AddChunk(bytes.Length);
        }

        bytes.CopyTo(_chunks[_count - 1].AsSpan(_used));
        var place = ((ulong)(_count - 1) << (ChunkBits + LengthBits)) | ((ulong)_used << LengthBits) | (uint)bytes.Length;
        _used += bytes.Length;
        return place;
    }

    /// <summary>Gives the budget back; the bytes are not read any more.</summary>
    public void Release()
    {
        memory?.Release(_charged);
        _charged = 0;
        _chunks = [];
        _count = 0;
    }

    void AddChunk(int length)
    {
        if (_count == MaxChunks || length >= 1 << LengthBits)
        {
            throw new QueryMemoryException(memory?.Budget ?? long.MaxValue);
        }

        var size = Math.Max(length, Math.Min(1 << ChunkBits, FirstChunk << Math.Min(_count, ChunkBits)));
        memory?.Charge(size);
        _charged += size;
        if (_count == _chunks.Length)
        {
            Array.Resize(ref _chunks, _count * 2);
        }

        _chunks[_count++] = GC.AllocateUninitializedArray<byte>(size);
        _used = 0;
    }
}
