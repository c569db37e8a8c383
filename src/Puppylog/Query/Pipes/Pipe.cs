using Puppylog.Query.Execution;

namespace Puppylog.Query.Pipes;

/// <summary>
/// A step that records go through after the filter. Each kind owns its syntax, its printing, the fields it needs and its
/// execution, in one file. Immutable; what it gathers while running lives in the operator that it makes.
/// </summary>
abstract class Pipe
{
    /// <summary>True where the rows that come out are no longer whole records: people see them as a table.</summary>
    public virtual bool MakesTable => false;

    /// <summary>The fields that it reads or lets through, given those that are read after it.</summary>
    public abstract NeededFields Needed(NeededFields after);

    /// <param name="next">Takes what comes out.</param>
    /// <param name="after">The fields that are read after it.</param>
    /// <param name="context">The running query.</param>
    public abstract PipeOperator CreateOperator(PipeOperator next, NeededFields after, QueryContext context);

    /// <summary>LogsQL that parses to an equal pipe.</summary>
    public abstract override string ToString();
}
