namespace Puppylog.Query.Execution;

/// <summary>What the operators of one running query share.</summary>
/// <param name="Memory">The budget.</param>
/// <param name="Cancellation">Ends the query.</param>
/// <param name="OnNote">Told what the asker should know of the result, such as that a number is an estimate; null where nobody listens.</param>
sealed record QueryContext(QueryMemory Memory, CancellationToken Cancellation, Action<string>? OnNote = null);
