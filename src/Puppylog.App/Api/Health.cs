namespace Puppylog.App.Api;

/// <summary>Answer to <c>GET /health</c> and <c>GET /ready</c>.</summary>
sealed record Health(string Status, string? Trouble = null);
