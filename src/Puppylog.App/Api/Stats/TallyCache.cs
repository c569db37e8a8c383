namespace Puppylog.App.Api.Stats;

/// <summary>
/// What days came to, for questions that are asked again. A day counts as long as the store has the same blocks of it; the
/// tallies that were not asked for longest go first. Safe for several threads.
/// </summary>
/// <param name="mostBytes">About.</param>
sealed class TallyCache(long mostBytes)
{
    /// <summary>Beside the tally: key, node, table.</summary>
    const int EntryBytes = 300;

    readonly Lock _lock = new();
    readonly Dictionary<(StatsQuestion Question, long Day), LinkedListNode<Entry>> _entries = [];
    readonly LinkedList<Entry> _order = [];

    public long Bytes { get; private set; }

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    /// <summary>Null where it is not known, or the day has changed.</summary>
    public RequestTally? Find(StatsQuestion question, long day, ulong version)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue((question, day), out var node) && node.Value.Version == version)
            {
                _order.Remove(node);
                _order.AddLast(node);
                Hits++;
                return node.Value.Tally;
            }

            Misses++;
            return null;
        }
    }

    public void Keep(StatsQuestion question, long day, ulong version, RequestTally tally)
    {
        lock (_lock)
        {
            if (_entries.Remove((question, day), out var before))
            {
                Remove(before);
            }

            var node = _order.AddLast(new Entry(question, day, version, tally, tally.Bytes + EntryBytes + (2L * (question.Field.Length + (question.Value?.Length ?? 0) + (question.Streams?.Length ?? 0)))));
            _entries[(question, day)] = node;
            Bytes += node.Value.Bytes;
            while (Bytes > mostBytes && _order.First is { } oldest)
            {
                _entries.Remove((oldest.Value.Question, oldest.Value.Day));
                Remove(oldest);
            }
        }
    }

    void Remove(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        Bytes -= node.Value.Bytes;
    }

    sealed record Entry(StatsQuestion Question, long Day, ulong Version, RequestTally Tally, long Bytes);
}
