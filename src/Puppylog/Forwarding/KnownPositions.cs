namespace Puppylog.Forwarding;

/// <summary>Answer to <c>GET /api/v1/agents/{id}/positions</c>.</summary>
sealed record KnownPositions(IReadOnlyList<KnownPosition> Positions);
