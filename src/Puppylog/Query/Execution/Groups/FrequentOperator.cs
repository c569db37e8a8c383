using System.Collections.Immutable;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// Counts for the few groups with the most rows: of a block with many values only the frequent ones, and remembers how many
/// rows a value can have had without being counted. Mostly that proves which groups are first, and that nothing of theirs
/// is missing; else the blocks are gone through again, for some groups or for all.
/// </summary>
/// <remarks>After the threshold algorithms of Fagin, Lotem and Naor (2001), and of Cao and Wang (TPUT, 2004).</remarks>
sealed class FrequentOperator(
    ImmutableArray<string> fields, bool skipsEmpty, long limit, string? hitsName, string? rankName, PipeOperator next, QueryContext context)
    : HitsOperator(fields, byHits: true, skipsEmpty, limit, hitsName, rankName, next, context)
{
    /// <summary>More groups than this are not worth the bookkeeping.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Past so many groups that another pass would have to look for, it counts everything.</summary>
    const int MaxSought = 64;

    readonly ImmutableArray<string> _fields = fields;
    readonly bool _skipsEmpty = skipsEmpty;
    readonly long _limit = limit;
    readonly string? _hitsName = hitsName;
    readonly string? _rankName = rankName;
    readonly PipeOperator _next = next;
    readonly QueryContext _context = context;

    /// <summary>Per group the part of <see cref="_slack"/> that is of blocks in which it was counted.</summary>
    readonly HitTable _covered = new(1, context.Memory);

    /// <summary>Rows that a group can have had, in all blocks together, without being counted.</summary>
    long _slack;

    public static bool Suits(int fields, long limit) => fields == 1 && limit <= MaxLimit;

    public override void Merge(GatheringOperator other)
    {
        base.Merge(other);
        var theirs = (FrequentOperator)other;
        _covered.Merge(theirs._covered);
        _slack += theirs._slack;
    }

    public override Func<GatheringOperator>? NextPass()
    {
        if (_slack == 0 || _limit == 0)
        {
            return null;
        }

        var groups = Groups().ToArray();
        var least = Least(groups);
        if (least <= _slack)
        {
            return CountEverything();
        }

        var sought = new List<byte[]>();
        foreach (var (group, hits) in groups)
        {
            if (hits + _slack >= least && _slack - _covered.Hits(Hits.Key(group)) is > 0 and var missing && hits + missing >= least)
            {
                sought.Add(Hits.Key(group).ToArray());
                if (sought.Count > MaxSought)
                {
                    return CountEverything();
                }
            }
        }

        return sought.Count == 0 ? null : () => new MissingHitsOperator(this, _fields[0], [.. sought]);
    }

    protected override void Add(DictionaryVector dictionary, ReadOnlySpan<int> counts)
    {
        var least = FrequentValues.Least(dictionary, counts);
        if (least == 1)
        {
            base.Add(dictionary, counts);
            return;
        }

        _slack += least - 1;
        for (var code = 0; code < counts.Length; code++)
        {
            if (counts[code] >= least)
            {
                var value = dictionary.ValueOf(code);
                Hits.Add(value, counts[code]);
                _covered.Add(value, least - 1);
            }
        }
    }

    /// <summary>The hits of the last group that would be handed on, as far as they are counted; 0 where there are not so many.</summary>
    long Least((int Group, long Hits)[] groups)
    {
        if (groups.Length < _limit)
        {
            return 0;
        }

        var hits = Array.ConvertAll(groups, group => group.Hits);
        Array.Sort(hits);
        return hits[^(int)_limit];
    }

    Func<GatheringOperator> CountEverything()
    {
        Hits.Release();
        _covered.Release();
        return () => new HitsOperator(_fields, byHits: true, _skipsEmpty, _limit, _hitsName, _rankName, _next, _context);
    }
}
