namespace Puppylog.Storage.Embedded.Retention;

/// <summary>What a store keeps; remembered in its catalogue.</summary>
/// <param name="Age">How old records become; null: they are kept forever.</param>
/// <param name="Bytes">How large the data directory becomes; null: as large as the disk lets it.</param>
sealed record RetentionPolicy(TimeSpan? Age, long? Bytes)
{
    public static RetentionPolicy Everything { get; } = new(null, null);

    public bool KeepsEverything => Age is null && Bytes is null;

    /// <param name="age">Nanoseconds; 0 for forever.</param>
    /// <param name="bytes">Bytes; 0 for unlimited.</param>
    public static RetentionPolicy Of(long age, long bytes) =>
        new(age <= 0 ? null : TimeSpan.FromTicks(age / 100), bytes <= 0 ? null : bytes);
}
