namespace Puppylog.Query.Execution;

/// <summary>A query would keep more than its budget allows; the query ends, the process goes on.</summary>
sealed class QueryMemoryException(long budget)
    : Exception($"the query needs more than {Describe(budget)} of memory: narrow it (_time:…, a filter, fewer groups, | fields before | sort, a limit after | sort) or raise --max-query-memory")
{
    static string Describe(long bytes) =>
        bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : bytes >= 1024 && bytes % 1024 == 0 ? $"{bytes >> 10} KiB" : $"{bytes} bytes";
}
