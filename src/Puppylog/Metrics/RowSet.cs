using Puppylog.Records;

namespace Puppylog.Metrics;

/// <summary>Rows of a block, and the filters that match them. (A class: what the library has for lists of classes is compiled beforehand.)</summary>
sealed class RowSet(RowBitmap rows, List<FilterPlan> filters)
{
    public RowBitmap Rows => rows;

    public List<FilterPlan> Filters => filters;

    /// <summary>Another one whose rows have the same hash.</summary>
    public RowSet? Next { get; init; }

    public int Size { get; } = rows.CountSet();
}
