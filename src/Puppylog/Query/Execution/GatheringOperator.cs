namespace Puppylog.Query.Execution;

/// <summary>
/// An operator whose result does not depend on the order of its input: each worker fills one of its own, and they are
/// merged at the end.
/// </summary>
abstract class GatheringOperator : PipeOperator
{
    /// <summary>Takes over what another operator of the same pipe has gathered; the other is used up.</summary>
    public abstract void Merge(GatheringOperator other);
}
