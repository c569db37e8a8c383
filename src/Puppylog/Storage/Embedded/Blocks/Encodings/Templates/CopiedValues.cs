using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// The variables of a block's values, each copied behind the one before it of the same variable while its value is still
/// near: every pass over a column would otherwise fetch each of its values from all over the block anew. Each has a newline
/// behind it, so that the words of many can be found in one go.
/// </summary>
sealed class CopiedValues
{
    /// <summary>A variable's values lie in stretches, the first so long, each next one twice as long up to the longest.</summary>
    const int FirstStretch = 256;
    const int LongestStretch = 16 << 10;

    const byte Between = (byte)'\n';

    byte[] _bytes = [];
    int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Makes room for about so many bytes.</summary>
    public void Begin(int size)
    {
        _length = 0;
        _bytes = ArrayPool<byte>.Shared.Rent(size + LongestStretch);
    }

    public void Clear()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _length = 0;
    }

    /// <summary>Copies a value and returns where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ByteSpan Add(ReadOnlySpan<byte> bytes, ByteSpan value, ref Stretch stretch)
    {
        const int Step = 32;
        var at = stretch.End;
        if (stretch.Limit - at <= value.Length + Step)
        {
            at = Renew(ref stretch, value.Length + Step);
        }

        // There is room for a step and a byte behind the value.
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), at);
        if (value.Length <= Step && value.Offset <= bytes.Length - Step)
        {
            Vector256.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), value.Offset)).StoreUnsafe(ref to);
        }
        else
        {
            bytes.Slice(value.Offset, value.Length).CopyTo(_bytes.AsSpan(at));
        }

        Unsafe.Add(ref to, value.Length) = Between;
        stretch.End = at + value.Length + 1;
        return new(at, value.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Renew(ref Stretch stretch, int length)
    {
        stretch.Finish();
        stretch.Size = Math.Min(LongestStretch, Math.Max(FirstStretch, stretch.Size * 2));
        var size = Math.Max(stretch.Size, length + 1);
        if (_bytes.Length - _length < size)
        {
            var next = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_length + size, (int)Math.Min(Array.MaxLength, _bytes.Length * 2L))));
            Bytes.CopyTo(next);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = next;
        }

        (stretch.Start, stretch.End, stretch.Limit) = (_length, _length, _length + size);
        _length += size;
        return stretch.Start;
    }

    /// <summary>Where the values of a variable are copied to.</summary>
    public struct Stretch()
    {
        /// <summary>Its first byte, and where the next value goes.</summary>
        public int Start;
        public int End;

        /// <summary>Where its room ends.</summary>
        public int Limit;

        public int Size;

        /// <summary>All stretches of the variable that are full, by what is used of them.</summary>
        public List<ByteSpan> Full = [];

        /// <summary>Ends the stretch.</summary>
        public void Finish()
        {
            if (End > Start)
            {
                Full.Add(new(Start, End - Start));
            }

            (Start, End, Limit) = (0, 0, 0);
        }

        public void Clear()
        {
            Full.Clear();
            (Start, End, Limit, Size) = (0, 0, 0, 0);
        }
    }
}
