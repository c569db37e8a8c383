namespace Puppylog.Query.Pipes;

/// <summary>
/// A step that records go through after the filter. Each kind owns its syntax, its printing, the fields it needs and its
/// execution, in one file. Immutable; what it gathers while running lives in the operator that it makes.
/// </summary>
abstract class Pipe
{
    /// <summary>LogsQL that parses to an equal pipe.</summary>
    public abstract override string ToString();
}
