using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>The tokens of a column's values, as one set of separators cuts them.</summary>
sealed class TokenTable
{
    /// <summary>Values between asking for one's memory and using it, where they come in another order than they lie.</summary>
    public const int Ahead = 12;

    int[] _ends = [];
    int[] _first = [];
    int _used;
    ByteSpan[] _values = [];

    public void Clear(ReadOnlySpan<ByteSpan> values)
    {
        _used = 0;
        if (_first.Length < values.Length)
        {
            _first = new int[Math.Max(values.Length, 4096)];
            _values = new ByteSpan[_first.Length];
        }

        values.CopyTo(_values);
    }

    /// <summary>Room for the ends of the next value's tokens.</summary>
    public Span<int> Next()
    {
        if (_ends.Length - _used < SeparatorSet.MaxTokens)
        {
            Array.Resize(ref _ends, Math.Max(4096, _ends.Length * 2));
        }

        return _ends.AsSpan(_used);
    }

    public void Take(int value, int tokens)
    {
        _first[value] = _used;
        _used += tokens;
    }

    /// <summary>The place of a whole value.</summary>
    public ByteSpan Value(int value) => _values[value];

    public ByteSpan Token(int value, int token)
    {
        var first = _first[value] + token;
        var start = token == 0 ? _values[value].Offset : _ends[first - 1] + 1;
        return new(start, _ends[first] - start);
    }

    /// <summary>
    /// The tokens of some values, position after position: value by value, because the table and the values lie so, and a column
    /// at a time would fetch them anew for each.
    /// </summary>
    /// <param name="bytes">Where the values lie.</param>
    /// <param name="values">The values, of as many tokens each.</param>
    /// <param name="tokens">How many.</param>
    /// <param name="columns">Room for all of them.</param>
    /// <returns>A bit for each position at which all values have the same token.</returns>
    public uint Gather(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> values, int tokens, Span<ByteSpan> columns)
    {
        var same = uint.MaxValue >> (SeparatorSet.MaxTokens - tokens);
        for (var i = 0; i < values.Length; i++)
        {
            if (i + Ahead < values.Length)
            {
                Prefetch(values[i + Ahead]);
                Prefetch(bytes, values[i + Ahead]);
            }

            var ends = _ends.AsSpan(_first[values[i]], tokens);
            var start = _values[values[i]].Offset;
            for (int token = 0, at = i; token < ends.Length; token++, at += values.Length)
            {
                columns[at] = new(start, ends[token] - start);
                start = ends[token] + 1;
            }

            for (var rest = same; rest != 0; rest &= rest - 1)
            {
                var token = BitOperations.TrailingZeroCount(rest);
                var first = columns[token * values.Length];
                var own = columns[(token * values.Length) + i];
                if (own.Length != first.Length || !AreEqual(bytes, own.Offset, first.Offset, own.Length))
                {
                    same ^= 1u << token;
                }
            }
        }

        return same;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool AreEqual(ReadOnlySpan<byte> bytes, int one, int other, int length)
    {
        if (length <= sizeof(ulong) && Math.Max(one, other) <= bytes.Length - sizeof(ulong))
        {
            ref var first = ref MemoryMarshal.GetReference(bytes);
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, one)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, other));
            return length == 0 || difference << (64 - (8 * length)) == 0;
        }

        return bytes.Slice(one, length).SequenceEqual(bytes.Slice(other, length));
    }

    /// <summary>Asks for the memory of a value's tokens' places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int value)
    {
        if (Sse.IsSupported)
        {
            // Only a hint: the address is never read, so that a collector's move between the two does not matter.
            Sse.Prefetch0(Unsafe.AsPointer(ref _ends[_first[value]]));
        }
    }

    /// <summary>Asks for the memory of a value's bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(ReadOnlySpan<byte> bytes, int value)
    {
        if (Sse.IsSupported)
        {
            ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), _values[value].Offset);
            Sse.Prefetch0(Unsafe.AsPointer(ref start));
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref start, 64)));
        }
    }

    /// <summary>A hash that tells tokens apart well enough to plan with.</summary>
    public static ulong Hash(ReadOnlySpan<byte> token)
    {
        var hash = (ulong)token.Length * 0x9E37_79B9_7F4A_7C15;
        while (token.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(token)) * 0xD6E8_FEB8_6659_FD93;
            hash ^= hash >> 32;
            token = token[8..];
        }

        ulong rest = 0;
        if (token.Length >= 4)
        {
            rest = MemoryMarshal.Read<uint>(token) | ((ulong)MemoryMarshal.Read<uint>(token[^4..]) << 32);
        }
        else if (token.Length > 0)
        {
            rest = token[0] | ((ulong)token[token.Length >> 1] << 8) | ((ulong)token[^1] << 16);
        }

        hash = (hash ^ rest) * 0xD6E8_FEB8_6659_FD93;
        return hash ^ (hash >> 32);
    }
}
