using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;

namespace Puppylog.Query;

/// <summary>A parsed query: a filter and the pipes that its records go through. Prints as LogsQL that parses to itself.</summary>
sealed record LogQuery(Filter Filter, ImmutableArray<Pipe> Pipes)
{
    /// <summary>How it is run; no part of its text.</summary>
    public QueryOptions Options { get; init; } = QueryOptions.Default;

    public override string ToString() => Pipes.IsEmpty ? Filter.ToString() : $"{Filter} | {string.Join(" | ", Pipes)}";
}
