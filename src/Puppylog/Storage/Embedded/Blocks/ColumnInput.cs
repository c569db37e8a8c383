using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A column as an encoder gets it: a place per record of the batch, and which records are meant.</summary>
readonly ref struct ColumnInput
{
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

    /// <summary>A column of places that all have a value, in their order.</summary>
    public static ColumnInput Of(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> spans, EncoderScratch scratch) =>
        new() { Bytes = bytes, Spans = spans, Rows = scratch.Identity(spans.Length) };
}
