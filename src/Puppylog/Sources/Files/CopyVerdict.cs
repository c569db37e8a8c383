using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>What a file of which nothing is known has to do with a path after which it is named.</summary>
/// <param name="IsCopy">True for a copy of what is still there.</param>
/// <param name="Continues">How far its content was read when another file held it; null where it has nothing to do with the path.</param>
readonly record struct CopyVerdict(bool IsCopy, SourcePosition? Continues)
{
    public static CopyVerdict Copy => new(true, null);

    public static CopyVerdict Other => default;

    public static CopyVerdict Holds(SourcePosition position) => new(false, position);
}
