namespace Puppylog.Query.Execution.Scan;

/// <summary>Where a row stands in the order of a query without <c>sort</c>: by time, then as stored.</summary>
readonly record struct RowPlace(long Time, long Arrival, int Block, int Row) : IComparable<RowPlace>
{
    public int CompareTo(RowPlace other)
    {
        var order = Time.CompareTo(other.Time);
        order = order != 0 ? order : Arrival.CompareTo(other.Arrival);
        order = order != 0 ? order : Block.CompareTo(other.Block);
        return order != 0 ? order : Row.CompareTo(other.Row);
    }
}
