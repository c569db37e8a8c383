using System.Collections.Immutable;
using Puppylog.Query.Execution;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>A statistic of <c>stats</c>, such as <c>sum(bytes)</c>. Immutable; what it gathers is in its state.</summary>
abstract class StatsFunction(string name, ImmutableArray<string> fields)
{
    public string Name => name;

    /// <summary>What it is computed from; empty for <c>count()</c>.</summary>
    public ImmutableArray<string> Fields => fields;

    public abstract StatsState CreateState(QueryMemory memory);

    public override string ToString() => $"{name}({(fields.IsEmpty ? "*" : FieldSyntax.Print(fields))})";
}
