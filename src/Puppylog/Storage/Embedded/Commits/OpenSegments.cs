using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Commits;

static class OpenSegments
{
    /// <summary>Seals open segments between commits, on the writing thread; returns how many.</summary>
    public static int Seal(CatalogWriter catalog, SegmentSet segments, Func<long, bool> isMeant)
    {
        var due = segments.Open(isMeant);
        if (due.Count > 0)
        {
            foreach (var segment in due)
            {
                segments.Seal(segment, catalog.Frames(segment.Id));
            }

            segments.Sync();

            // At no time of its own: nothing was written that would make the segment newer.
            catalog.Apply(new CatalogChange(catalog.LastCommit(), segments.Changes(), [], [], [], 0));
            segments.Accept();
        }

        return due.Count;
    }
}
