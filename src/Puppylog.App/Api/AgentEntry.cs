namespace Puppylog.App.Api;

/// <param name="Id">The agent's id.</param>
/// <param name="Host">The name of its machine, as it says.</param>
/// <param name="LastSeen">When it asked or sent last.</param>
/// <param name="Batches">Batches stored since the server's start.</param>
/// <param name="Records">Records in them.</param>
/// <param name="Bytes">Bytes of the batches as they came.</param>
sealed record AgentEntry(string Id, string Host, DateTimeOffset LastSeen, long Batches, long Records, long Bytes);
