namespace Puppylog.Query.Execution;

/// <summary>What the operators of one running query share.</summary>
/// <param name="Memory">The budget.</param>
/// <param name="Cancellation">Ends the query.</param>
sealed record QueryContext(QueryMemory Memory, CancellationToken Cancellation);
