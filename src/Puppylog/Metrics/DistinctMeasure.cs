using System.Buffers;
using System.Buffers.Binary;
using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>
/// Different values by their hashes: exact up to <see cref="MaxExact"/> (two of so many share a hash once in two million
/// times), then an estimate (<see cref="DistinctSketch"/>).
/// </summary>
sealed class DistinctMeasure
{
    public const int MaxExact = 1024;

    /// <summary>Bytes of a hash.</summary>
    const int HashBytes = 5;
    const int Unused = 64 - HashBits;

    public const int HashBits = 8 * HashBytes;

    /// <summary>Ascending.</summary>
    long[] _hashes = [];
    int _count;
    DistinctSketch? _sketch;

    /// <summary>An empty one, from before <see cref="Clear"/>.</summary>
    DistinctSketch? _spare;

    public static DistinctMeasure None { get; } = new();

    public long Count => _sketch?.Estimate() ?? _count;

    /// <summary>What is kept of a value: the upper 40 bits of its hash.</summary>
    public static long Hash(ReadOnlySpan<byte> value) => (long)(ByteHash.Stable(value) >> Unused);

    /// <summary>What a hash is to a sketch. A bit behind it keeps one that ends in zeros from looking like one in 2⁶⁴.</summary>
    public static (int Register, byte Rank) Place(long hash) => DistinctSketch.Place(((ulong)hash << Unused) | (1UL << (Unused - 1)));

    /// <summary>Writes ascending codes of hashes, few enough to be exact.</summary>
    /// <param name="hashes">By code, ascending.</param>
    public static void Write(ReadOnlySpan<int> codes, ReadOnlySpan<long> hashes, ByteWriter writer)
    {
        writer.Varint((ulong)codes.Length + 1);
        var target = Room(codes.Length, writer);
        foreach (var code in codes)
        {
            target = Put(hashes[code], target);
        }
    }

    /// <summary>Room for hashes, each of which may be put with three bytes to spare behind it.</summary>
    static Span<byte> Room(int hashes, ByteWriter writer)
    {
        var target = writer.Reserve((hashes * HashBytes) + sizeof(long) - HashBytes);
        writer.Advance(hashes * HashBytes);
        return target;
    }

    /// <summary>Puts a hash, and zeros behind it; gives what is left.</summary>
    static Span<byte> Put(long hash, Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, hash);
        return target[HashBytes..];
    }

    public void Write(ByteWriter writer)
    {
        if (_sketch is not null)
        {
            SketchBytes.Write(_sketch.Registers, writer);
            return;
        }

        writer.Varint((ulong)_count + 1);
        var target = Room(_count, writer);
        foreach (var hash in _hashes.AsSpan(0, _count))
        {
            target = Put(hash, target);
        }
    }

    /// <summary>Passes over what was written.</summary>
    public static void Skip(ref ByteReader reader)
    {
        var head = reader.Size(SketchBytes.Sparse);
        if (head is SketchBytes.Dense or SketchBytes.Sparse)
        {
            SketchBytes.Skip(head, ref reader);
        }
        else
        {
            reader.Bytes((head - 1) * HashBytes);
        }
    }

    /// <summary>Forgets all values, and keeps the room.</summary>
    public void Clear()
    {
        _count = 0;
        if (_sketch is not null)
        {
            _sketch.Clear();
            (_spare, _sketch) = (_sketch, null);
        }
    }

    /// <summary>Adds what was written.</summary>
    public void Merge(ref ByteReader reader)
    {
        var head = reader.Size(SketchBytes.Sparse);
        if (head is SketchBytes.Dense or SketchBytes.Sparse)
        {
            MergeSketch(head, ref reader);
            return;
        }

        var count = head - 1;
        var bytes = reader.Bytes(count * HashBytes);
        var hashes = ArrayPool<long>.Shared.Rent(count);
        // All but the last have eight bytes to read.
        for (var i = 0; i < count - 1; i++)
        {
            hashes[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * HashBytes)..]) & ((1L << HashBits) - 1);
        }

        if (count > 0)
        {
            var last = bytes[^HashBytes..];
            hashes[count - 1] = BinaryPrimitives.ReadUInt32LittleEndian(last) | ((long)last[4] << 32);
        }

        Merge(hashes.AsSpan(0, count));
        ArrayPool<long>.Shared.Return(hashes);
    }

    /// <summary>Adds what was written before hashes were shortened and put in order.</summary>
    public void MergeLong(ref ByteReader reader)
    {
        var count = reader.Size(MaxExact + 1) - 1;
        if (count < 0)
        {
            MergeSketch(SketchBytes.Dense, ref reader);
            return;
        }

        var hashes = new SortedSet<long>();
        for (; count > 0; count--)
        {
            hashes.Add((long)(reader.UInt64() >> Unused));
        }

        Merge(hashes.ToArray());
    }

    void Merge(ReadOnlySpan<long> hashes)
    {
        if (_sketch is not null)
        {
            foreach (var hash in hashes)
            {
                AddToSketch(hash);
            }

            return;
        }

        if (_count == 0)
        {
            Take(hashes);
            return;
        }

        var merged = ArrayPool<long>.Shared.Rent(_count + hashes.Length);
        var known = _hashes.AsSpan(0, _count);
        int count = 0, a = 0, b = 0;
        while (a < known.Length && b < hashes.Length)
        {
            var (mine, other) = (known[a], hashes[b]);
            merged[count++] = Math.Min(mine, other);
            a += mine <= other ? 1 : 0;
            b += other <= mine ? 1 : 0;
        }

        known[a..].CopyTo(merged.AsSpan(count));
        count += known.Length - a;
        hashes[b..].CopyTo(merged.AsSpan(count));
        count += hashes.Length - b;
        Take(merged.AsSpan(0, count));
        ArrayPool<long>.Shared.Return(merged);
        if (_count > MaxExact)
        {
            BecomeSketch();
        }
    }

    void Take(ReadOnlySpan<long> hashes)
    {
        if (hashes.Length > _hashes.Length)
        {
            _hashes = new long[hashes.Length];
        }

        hashes.CopyTo(_hashes);
        _count = hashes.Length;
    }

    void MergeSketch(int head, ref ByteReader reader)
    {
        if (_sketch is null)
        {
            BecomeSketch();
        }

        SketchBytes.Merge(_sketch!, head, ref reader);
    }

    void BecomeSketch()
    {
        var isReused = _spare is not null;
        (_sketch, _spare) = (_spare ?? new(), null);
        foreach (var hash in _hashes.AsSpan(0, _count))
        {
            AddToSketch(hash);
        }

        (_hashes, _count) = (isReused ? _hashes : [], 0);
    }

    void AddToSketch(long hash)
    {
        var (register, rank) = Place(hash);
        _sketch!.Raise(register, rank);
    }
}
