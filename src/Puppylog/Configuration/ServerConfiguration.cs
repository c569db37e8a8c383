namespace Puppylog.Configuration;

/// <summary>How <c>serve</c> is reached.</summary>
sealed record ServerConfiguration
{
    public const string DefaultListen = "127.0.0.1:7447";

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Listen { get; init; } = DefaultListen;

    /// <summary>What agents and clients must show; null where nobody is asked.</summary>
    public Secret? Token { get; init; }

    /// <summary>The certificate in PEM; null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key in PEM; null: in the certificate's file.</summary>
    public string? Key { get; init; }
}
