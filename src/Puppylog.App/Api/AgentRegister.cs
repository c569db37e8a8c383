using System.Collections.Concurrent;

namespace Puppylog.App.Api;

/// <summary>The agents that were heard of since the start. Safe for several threads.</summary>
sealed class AgentRegister(TimeProvider clock)
{
    /// <summary>Strangers cannot fill the memory with ids.</summary>
    const int Most = 10_000;

    readonly ConcurrentDictionary<string, AgentEntry> _agents = new(StringComparer.Ordinal);

    public IEnumerable<AgentEntry> All => _agents.Values.OrderBy(agent => agent.Id, StringComparer.Ordinal);

    public void Note(string id, string host, long records, long bytes)
    {
        if (_agents.Count < Most || _agents.ContainsKey(id))
        {
            var now = clock.GetUtcNow();
            _agents.AddOrUpdate(
                id,
                _ => new(id, host, now, records > 0 ? 1 : 0, records, bytes),
                (_, before) => new(id, host, now, before.Batches + (bytes > 0 ? 1 : 0), before.Records + records, before.Bytes + bytes));
        }
    }
}
