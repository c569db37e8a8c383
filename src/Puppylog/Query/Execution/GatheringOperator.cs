namespace Puppylog.Query.Execution;

/// <summary>
/// An operator whose result does not depend on the order of its input: each worker fills one of its own, and they are
/// merged at the end.
/// </summary>
abstract class GatheringOperator : PipeOperator
{
    /// <summary>Takes over what another operator of the same pipe has gathered; the other is used up.</summary>
    public abstract void Merge(GatheringOperator other);

    /// <summary>
    /// Asked once all is merged: where the blocks must be gone through again for the answer, creates the operators of the
    /// other pass, one a worker; what they gather takes this one's place. Null where the answer is known.
    /// </summary>
    public virtual Func<GatheringOperator>? NextPass() => null;
}
