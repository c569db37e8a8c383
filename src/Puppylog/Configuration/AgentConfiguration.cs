using System.Diagnostics.CodeAnalysis;

namespace Puppylog.Configuration;

/// <summary>How <c>agent</c> reaches its server; null of a setting: what the command line says, or the default.</summary>
sealed record AgentConfiguration
{
    public const long DefaultSpoolSize = 1L << 30;

    public const long LeastSpoolSize = 16 << 20;

    /// <summary>The server's address, <c>http://…</c> or <c>https://…</c>.</summary>
    public Uri? Server { get; init; }

    public Secret? Token { get; init; }

    /// <summary>A file with certificates in PEM of those who may vouch for the server; null: the system's.</summary>
    public string? Authority { get; init; }

    /// <summary>The agent's name at the server; null: one that it makes up and keeps.</summary>
    public string? Id { get; init; }

    /// <summary>The agent's directory: its identity, and what waits to be sent; null: the one of the user.</summary>
    public string? Data { get; init; }

    /// <summary>Bytes that wait there at most.</summary>
    public long? SpoolSize { get; init; }

    /// <summary>A user and a password in the address would be shown, and sent to nobody.</summary>
    public static bool TryParseServer(string text, [NotNullWhen(true)] out Uri? server) =>
        Uri.TryCreate(text, UriKind.Absolute, out server) && server.Scheme is "http" or "https" && server.UserInfo.Length == 0;
}
