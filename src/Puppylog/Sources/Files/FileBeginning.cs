using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>Where the reading of a file begins if it has no position of its own.</summary>
readonly struct FileBeginning
{
    /// <summary>At its end, as far as it is known.</summary>
    public bool FromEnd { get; init; }

    /// <summary>How far its content was read when another file held it; null where nothing is known of that.</summary>
    public SourcePosition? Continues { get; init; }

    /// <summary>True where nobody writes to it any more.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Asked when the content ends; null where nobody looks for a copy.</summary>
    public ContentEnding? Ending { get; init; }
}
