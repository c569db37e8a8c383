namespace Puppylog.Storage.Embedded.Retention;

/// <summary>What of a store's policy somebody wants to be otherwise; null leaves it as it is.</summary>
/// <param name="Age">How old records become; <see cref="TimeSpan.Zero"/>: they are kept forever.</param>
/// <param name="Bytes">How large the data directory becomes; 0: as large as the disk lets it.</param>
readonly record struct RetentionChange(TimeSpan? Age, long? Bytes)
{
    public bool IsEmpty => Age is null && Bytes is null;
}
