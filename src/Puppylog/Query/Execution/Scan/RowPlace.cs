namespace Puppylog.Query.Execution.Scan;

/// <summary>Where a row stands in the order of a query without <c>sort</c>: by time, then by block, then within it.</summary>
readonly record struct RowPlace(long Time, long Block, long Row) : IComparable<RowPlace>
{
    public int CompareTo(RowPlace other)
    {
        var order = Time.CompareTo(other.Time);
        order = order != 0 ? order : Block.CompareTo(other.Block);
        return order != 0 ? order : Row.CompareTo(other.Row);
    }
}
