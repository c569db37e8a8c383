using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A column as an encoder gets it: a place per record of the batch, and which records are meant.</summary>
readonly ref struct ColumnInput
{
    /// <summary>Values between asking for one's memory and using it.</summary>
    public const int Ahead = 12;

    /// <summary>The batch's bytes.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>A place per record of the batch.</summary>
    public required ReadOnlySpan<ByteSpan> Spans { get; init; }

    /// <summary>The records to encode, in this order.</summary>
    public required ReadOnlySpan<int> Rows { get; init; }

    /// <summary>Where the values lie one behind the other, a newline behind each; empty where they lie elsewhere.</summary>
    public ReadOnlySpan<ByteSpan> Stretches { get; init; }

    /// <summary>The column that knows the values' kinds; null where all are text.</summary>
    public BatchColumn? Kinds { get; init; }

    /// <summary>The value's bytes; empty where absent.</summary>
    public ReadOnlySpan<byte> Value(ByteSpan span) => Bytes.Slice(span.Offset, Math.Max(0, span.Length));

    /// <summary>
    /// Asks for the memory of a value that will be looked at a few values later: a batch is larger than the near caches, and each
    /// column's values lie all over it.
    /// </summary>
    /// <param name="at">The value's index in <see cref="Rows"/>; may be past the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int at)
    {
        if (Sse.IsSupported && (uint)at < (uint)Rows.Length)
        {
            // Only a hint: the address is never read, so that a collector's move between the two does not matter.
            var span = Spans[Rows[at]];
            ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(Bytes), span.Offset);
            Sse.Prefetch0(Unsafe.AsPointer(ref start));
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref start, Math.Max(0, span.Length - 1))));
        }
    }

    /// <summary>A column of places that all have a value, in their order.</summary>
    public static ColumnInput Of(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> spans, EncoderScratch scratch) =>
        new() { Bytes = bytes, Spans = spans, Rows = scratch.Identity(spans.Length) };
}
