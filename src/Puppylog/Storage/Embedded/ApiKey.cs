using System.Security.Cryptography;
using System.Text;

namespace Puppylog.Storage.Embedded;

/// <summary>
/// Who may use a server, and for what. The key itself is shown once, when it is made; a store knows its hash. It is 256
/// random bits, so that a plain SHA-256 of it cannot be turned round.
/// </summary>
/// <param name="Name">As people call it.</param>
/// <param name="Hash">SHA-256 of the key, in hex.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Streams">The only streams that a key for reading sees, as a selector; null for all.</param>
/// <param name="Created">Nanoseconds since 1970, UTC.</param>
/// <param name="Expires">Nanoseconds since 1970, UTC, from which on it is none; null for never.</param>
sealed record ApiKey(string Name, string Hash, ApiRole Role, string? Streams, long Created, long? Expires)
{
    /// <summary>Keys begin so: whoever finds one in a file knows what it is of.</summary>
    public const string Prefix = "puppylog_";

    const int SecretBytes = 32;

    /// <summary>A new key as it is shown to its owner.</summary>
    public static string Generate() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <param name="now">Nanoseconds since 1970, UTC.</param>
    public bool IsValid(long now) => Expires is not { } end || now < end;
}
