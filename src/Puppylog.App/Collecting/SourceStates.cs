using Puppylog.Pipeline;
using Puppylog.Records;

namespace Puppylog.App.Collecting;

/// <summary>Sums up how a collector's sources stand, and remembers since when they are hindered. One thread at a time.</summary>
sealed class SourceStates(TimeProvider clock)
{
    Dictionary<string, (string Trouble, long Since)> _troubles = new(StringComparer.Ordinal);

    public CollectorState Sum(IEnumerable<SourceState> sources)
    {
        var troubles = new Dictionary<string, (string Trouble, long Since)>(StringComparer.Ordinal);
        var listed = new List<SourceState>();
        var lagging = new PriorityQueue<SourceState, long>();
        var (count, hindered, lag) = (0, 0, 0L);
        foreach (var source in sources)
        {
            count++;
            lag += source.Lag;
            if (source.Trouble is { } trouble)
            {
                hindered++;
                troubles[source.Name] = _troubles.TryGetValue(source.Name, out var known) && known.Trouble == trouble ? known : (trouble, Timestamps.Now(clock));
            }

            if (!source.IsFound || source.Trouble is not null)
            {
                listed.Add(source);
            }
            else if (source.Lag > 0)
            {
                lagging.Enqueue(source, source.Lag);
                if (lagging.Count > CollectorState.MostListed)
                {
                    lagging.Dequeue();
                }
            }
        }

        _troubles = troubles;
        listed.AddRange(lagging.UnorderedItems.Select(item => item.Element).OrderByDescending(source => source.Lag));
        return new(Environment.ProcessId, count, hindered, lag, [.. listed.OrderBy(source => source.Trouble is null).Take(CollectorState.MostListed).Select(Entry)]);
    }

    CollectorEntry Entry(SourceState source) => new(
        source.Name,
        source.Trouble is not null ? "hindered" : source.IsEnded ? "ended" : "reading",
        source.Trouble,
        source.Trouble is null ? null : Timestamps.ToRfc3339(_troubles[source.Name].Since),
        source.Lag,
        source.Lines,
        source.Records);
}
