using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// Work between commits that only the writing thread may do, as the catalogue and the open segments are its own. It must be
/// short: commits wait behind it.
/// </summary>
abstract class PendingChange : IPendingWork
{
    /// <summary>Takes it out of the queue for good; false where its caller has given up waiting first.</summary>
    public abstract bool TryClaim();

    /// <summary>Does it, and hands the outcome on; false where it threw.</summary>
    public abstract bool Run(CatalogWriter catalog, SegmentSet segments);

    /// <summary>It is not going to be done.</summary>
    public abstract void Fail(Exception error);
}
