namespace Puppylog.Configuration;

/// <summary>How <c>agent</c> reaches its server.</summary>
sealed record AgentConfiguration
{
    public const long DefaultSpoolSize = 1L << 30;

    /// <summary>The server's address, <c>http://…</c> or <c>https://…</c>.</summary>
    public required Uri Server { get; init; }

    public Secret? Token { get; init; }

    /// <summary>The agent's name at the server; null: one that it makes up and keeps.</summary>
    public string? Id { get; init; }

    /// <summary>The directory for what cannot be read again; null: the one of the user.</summary>
    public string? Spool { get; init; }

    /// <summary>Bytes that lie there at most.</summary>
    public long SpoolSize { get; init; } = DefaultSpoolSize;
}
