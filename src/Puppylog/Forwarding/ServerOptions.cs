namespace Puppylog.Forwarding;

/// <summary>How an agent reaches its server.</summary>
/// <param name="Url">Where the server is; a path before <c>/api</c> is kept.</param>
/// <param name="Agent">The agent's id.</param>
/// <param name="Token">Sent as a bearer token; null for none.</param>
/// <param name="HostName">What the server shows beside the id.</param>
sealed record ServerOptions(Uri Url, string Agent, string? Token, string HostName)
{
    /// <summary>How long nothing may move on a connection.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after the first attempt.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause while the server is away.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause after an answer that the next attempt will hardly change.</summary>
    public TimeSpan RefusedPause { get; init; } = TimeSpan.FromSeconds(60);
}
