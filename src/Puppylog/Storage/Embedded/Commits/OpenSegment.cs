using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>A segment that blocks are appended to. Owned by the thread that writes.</summary>
sealed class OpenSegment(long id, int? day, long length)
{
    public long Id { get; } = id;

    public int? Day { get; } = day;

    /// <summary>Where the next frame goes.</summary>
    public long Length { get; set; } = length;

    /// <summary>Blocks in it.</summary>
    public int Blocks { get; set; }

    public SegmentState State { get; set; }

    /// <summary>True where something was written that the catalogue does not know yet.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Ascending with each use, to find the one unused longest.</summary>
    public long LastUse { get; set; }

    /// <summary>Null until the first write.</summary>
    public StoreFile? File { get; set; }

    public SegmentRow Row => new(Id, Day, Length, State);
}
