using Puppylog.Query.Pipes;

namespace Puppylog.Query.Execution;

/// <summary>What is done with records, a step a line, for people.</summary>
static class PlanText
{
    /// <summary>The filter and the pipes.</summary>
    public static string Of(LogQuery query) => $"  {query.Filter}{(query.Pipes.IsEmpty ? "" : $"\n{OfPipes(query.Pipes)}")}";

    public static string OfPipes(IEnumerable<Pipe> pipes) => string.Join('\n', pipes.Select(pipe => $"  | {pipe}").DefaultIfEmpty("  nothing more"));
}
