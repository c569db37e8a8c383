using Puppylog.Query.Execution;

namespace Puppylog.Configuration;

/// <summary>How <c>serve</c> is reached.</summary>
sealed record ServerConfiguration
{
    public const string DefaultListen = "127.0.0.1:7447";

    /// <summary>Bytes.</summary>
    public const int DefaultMaxBody = 64 << 20;

    public static readonly TimeSpan DefaultQueryTimeout = TimeSpan.FromMinutes(5);

    public static int DefaultMaxQueries => Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Listen { get; init; } = DefaultListen;

    /// <summary>What agents and clients must show; null where nobody is asked.</summary>
    public Secret? Token { get; init; }

    /// <summary>The certificate in PEM; null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key in PEM; null: in the certificate's file.</summary>
    public string? Key { get; init; }

    /// <summary>Queries that run at the same time; others wait.</summary>
    public int MaxQueries { get; init; } = DefaultMaxQueries;

    /// <summary>The longest that a query may run.</summary>
    public TimeSpan QueryTimeout { get; init; } = DefaultQueryTimeout;

    /// <summary>Bytes that a query may take.</summary>
    public long QueryMemory { get; init; } = QueryOptions.DefaultMaxMemory;

    /// <summary>Bytes of a body that a shipper may send, unpacked.</summary>
    public int MaxBody { get; init; } = DefaultMaxBody;
}
