namespace Puppylog.Records;

/// <summary>A value of a field without a column: what it is called lies in the batch's bytes as well.</summary>
readonly record struct OverflowEntry(int Row, ByteSpan Name, ByteSpan Value, ValueKind Kind);
