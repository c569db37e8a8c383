namespace Puppylog.Storage.Embedded.Catalog;

/// <param name="Id">Its number.</param>
/// <param name="Day">Days since 1970 of its records; null for many days.</param>
/// <param name="Length">Bytes that count; what the file has behind them does not.</param>
/// <param name="State">What may still happen to it.</param>
readonly record struct SegmentRow(long Id, int? Day, long Length, SegmentState State);
