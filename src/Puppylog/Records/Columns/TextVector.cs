namespace Puppylog.Records.Columns;

/// <summary>Any bytes: a place in a buffer per record.</summary>
/// <param name="count">Records.</param>
/// <param name="bytes">The buffer.</param>
/// <param name="spans">Where each value lies (the array may be longer than the count).</param>
/// <param name="kinds">The kind per record, or null where all are text.</param>
sealed class TextVector(int count, byte[] bytes, ByteSpan[] spans, byte[]? kinds = null) : ColumnVector(count)
{
    public byte[] Bytes { get; } = bytes;

    public ByteSpan[] Spans { get; } = spans;

    public byte[]? Kinds { get; } = kinds;

    public override bool IsPresent(int row) => !Spans[row].IsAbsent;

    public override ReadOnlySpan<byte> Value(int row)
    {
        var span = Spans[row];
        return span.Length <= 0 ? default : Bytes.AsSpan(span.Offset, span.Length);
    }

    public override ValueKind Kind(int row) => Kinds is null || row >= Kinds.Length ? ValueKind.Text : (ValueKind)Kinds[row];

    public override long HeldBytes => Bytes.Length + (8L * Spans.Length) + (Kinds?.Length ?? 0);

    public override ColumnVector Share() => this;
}
