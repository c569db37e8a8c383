using Puppylog.Query.Values;

namespace Puppylog.Query.Execution.Groups;

/// <param name="Group">Its number.</param>
/// <param name="Hits">Its rows, where groups are sorted by them; else 0.</param>
/// <param name="First">The sort key of its first value, read once instead of at each comparison.</param>
readonly record struct RankedGroup(int Group, long Hits, SortKey First)
{
    /// <summary>Bytes of one, for the budget.</summary>
    public const int Size = 48;
}
