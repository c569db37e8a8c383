using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>The rows of a block that a query is about.</summary>
/// <param name="Ordinal">The block's place in the scan.</param>
/// <param name="Block">The block.</param>
/// <param name="View">The opened block, behind the query's rowwise pipes.</param>
/// <param name="Rows">The rows, by time where that was asked.</param>
/// <param name="Charge">What the query is charged for it; released by whoever lets the block go.</param>
sealed record MatchedBlock(int Ordinal, RecordBlock Block, RecordView View, ReadOnlyMemory<int> Rows, ViewCharge Charge)
{
    /// <summary>When its rows were stored.</summary>
    public RowArrivals Arrivals { get; } = new(Block);

    public RowPlace PlaceOf(int row) => new(View.Times.Nanoseconds[row], Arrivals.Of(row), Ordinal, row);
}
