namespace Puppylog.Storage.Embedded.Verification;

/// <summary>Something that is wrong in a store.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Path">The file, from the data directory.</param>
/// <param name="Reason">What is wrong with it, for people.</param>
sealed record Damage(DamageKind Kind, string Path, string Reason)
{
    /// <summary>The first damaged byte of the file; null where it is not about bytes.</summary>
    public long? Offset { get; init; }

    /// <summary>How many bytes do not verify.</summary>
    public long? Length { get; init; }

    /// <summary>The commit that wrote the block.</summary>
    public long? Commit { get; init; }

    /// <summary>The block's place in its commit.</summary>
    public int? Ordinal { get; init; }

    /// <summary>The column; null for the whole block.</summary>
    public string? Column { get; init; }

    /// <summary>Records that are concerned.</summary>
    public long Records { get; init; }

    /// <summary>Their earliest time, nanoseconds since 1970 UTC; null where it is not known.</summary>
    public long? MinTime { get; init; }

    /// <summary>Their latest time.</summary>
    public long? MaxTime { get; init; }
}
