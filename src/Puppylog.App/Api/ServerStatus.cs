using Puppylog.App.Collecting;

namespace Puppylog.App.Api;

/// <summary>Answer to <c>GET /status</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>hindered</c> while records are not stored.</param>
/// <param name="Trouble">What does not get on at the moment.</param>
/// <param name="UptimeSeconds">Since the start.</param>
/// <param name="Store">What the data directory holds.</param>
/// <param name="Collected">What this process collects itself; missing where it collects nothing.</param>
/// <param name="Ingested">What shippers sent since the start.</param>
/// <param name="Sources">How its sources stand; missing where it collects nothing.</param>
/// <param name="Agents">Agents that were heard of since the start.</param>
sealed record ServerStatus(
    string Status, string? Trouble, string Version, double UptimeSeconds, StoredTotals Store, CollectedTotals? Collected, IngestedTotals Ingested, CollectorState? Sources, IReadOnlyList<AgentEntry> Agents);
