using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>The last listing of each directory. Safe for several threads.</summary>
sealed class DirectoryListings
{
    /// <summary>Nanoseconds that a directory's time of modification must lie back: the kernel's clock for it is coarse.</summary>
    const long Settling = 50_000_000;

    readonly Lock _lock = new();
    readonly Dictionary<string, DirectoryListing> _last = new(StringComparer.Ordinal);

    /// <summary>A listing that was taken after a moment, or since which the directory has not changed.</summary>
    /// <param name="after">A timestamp of the clock.</param>
    public DirectoryListing Get(string directory, long after, TimeProvider clock)
    {
        lock (_lock)
        {
            if (_last.TryGetValue(directory, out var last) && (last.TakenAt > after || IsCurrent(directory, last)))
            {
                return last;
            }

            return _last[directory] = DirectoryListing.Read(directory, clock);
        }
    }

    static bool IsCurrent(string directory, DirectoryListing listing) =>
        listing.IsSettled && FileStatus.TryRead(directory, out var status) && status.Modified == listing.Modified;

    /// <summary>True where a later change shows in the time of modification.</summary>
    /// <remarks>By the kernel's clock: that is what it is compared with.</remarks>
    public static bool IsSettledNow(long modified) => modified > 0 && modified < Timestamps.Now(TimeProvider.System) - Settling;
}
