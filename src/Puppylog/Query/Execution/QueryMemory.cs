namespace Puppylog.Query.Execution;

/// <summary>Counts what a query keeps (groups, rows to sort) against its budget. Thread-safe.</summary>
/// <param name="budget">Bytes.</param>
sealed class QueryMemory(long budget)
{
    long _used;

    public long Budget => budget;

    public long Used => Interlocked.Read(ref _used);

    /// <exception cref="QueryMemoryException">The budget is spent.</exception>
    public void Charge(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) > budget)
        {
            throw new QueryMemoryException(budget);
        }
    }

    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}
