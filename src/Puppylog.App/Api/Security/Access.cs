using System.Security.Cryptography;
using System.Text;
using Puppylog.App.Hosting;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Security;

/// <summary>
/// Who a request is of, by its <c>Authorization</c>: a key or the server's token, as Bearer (RFC 6750) or as the password of
/// Basic (RFC 7617). Keys are looked up anew every second, so that one that is made or revoked beside the server counts at once.
/// </summary>
sealed class Access(ServerSettings settings, ServerState state)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly byte[]? _token = settings.Token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(settings.Token));
    readonly Lock _gate = new();
    Dictionary<string, ApiKey> _keys = [];
    long? _read;

    /// <summary>True where a request must say whose it is.</summary>
    /// <exception cref="Storage.LogStoreException">The keys cannot be read: nobody is let in then.</exception>
    public bool IsRequired => _token is not null || Keys().Count > 0;

    /// <summary>What whoever shows neither is told.</summary>
    public string Refusal => Keys().Count == 0
        ? "the token is missing or another one"
        : "the key is missing, revoked, expired or another one: send 'Authorization: Bearer KEY'";

    /// <summary>Null where the header names nobody who is known.</summary>
    /// <exception cref="Storage.LogStoreException">The keys cannot be read.</exception>
    public Caller? Find(string authorization)
    {
        if (Secret(authorization) is not { Length: > 0 } secret)
        {
            return null;
        }

        // By way of hashes: how long it takes tells nothing.
        if (_token is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), _token))
        {
            return new("token", ApiRole.Admin);
        }

        return Keys().TryGetValue(ApiKey.HashOf(secret), out var key) && key.IsValid(Timestamps.Now(state.Clock))
            ? new(key.Name, key.Role, key.Streams is null ? null : QueryParser.Parse(key.Streams, 0).Filter, key.Streams)
            : null;
    }

    static string? Secret(string authorization)
    {
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization["Bearer ".Length..].Trim();
        }

        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..].Trim()));
            return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? pair[(colon + 1)..] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    Dictionary<string, ApiKey> Keys()
    {
        lock (_gate)
        {
            var now = state.Clock.GetTimestamp();
            if (_read is not { } read || state.Clock.GetElapsedTime(read, now) >= Fresh)
            {
                _keys = state.Directory is { } directory ? StoreKeys.List(directory).ToDictionary(key => key.Hash, StringComparer.Ordinal) : [];
                _read = now;
            }

            return _keys;
        }
    }
}
