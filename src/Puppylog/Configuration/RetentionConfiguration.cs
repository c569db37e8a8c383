using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Configuration;

/// <summary>What the store keeps; null where it stays as it was set before.</summary>
/// <param name="Age"><see cref="TimeSpan.Zero"/> for ever.</param>
/// <param name="Bytes">0 for any.</param>
sealed record RetentionConfiguration(TimeSpan? Age = null, long? Bytes = null)
{
    public RetentionChange Change => new(Age, Bytes);
}
