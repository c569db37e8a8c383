using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// What a group of waiting commits comes to: which of them are stored, under which numbers, and how each one is answered
/// once the transaction has gone through. Nothing is written for one that conflicts or is stored already.
/// </summary>
sealed class CommitPlan
{
    readonly Dictionary<string, SourcePosition> _moved = new(StringComparer.Ordinal);
    readonly Dictionary<string, KeyRow> _keys = new(StringComparer.Ordinal);
    readonly List<Action> _answers = [];

    public CommitPlan(
        IReadOnlyList<PendingCommit> group,
        long lastCommit,
        IReadOnlyDictionary<string, SourcePosition> positions,
        Func<string, KeyRow?> findKey)
    {
        LastCommit = lastCommit;
        foreach (var pending in group)
        {
            Add(pending, positions, findKey);
        }
    }

    /// <summary>The commits to write, with their numbers.</summary>
    public List<(long Number, EncodedCommit Commit)> Writes { get; } = [];

    public long LastCommit { get; private set; }

    public List<PositionChange> Positions { get; } = [];

    public IReadOnlyCollection<KeyRow> Keys => _keys.Values;

    /// <summary>Answers every commit of the group.</summary>
    public void Answer()
    {
        foreach (var answer in _answers)
        {
            answer();
        }
    }

    void Add(PendingCommit pending, IReadOnlyDictionary<string, SourcePosition> positions, Func<string, KeyRow?> findKey)
    {
        var commit = pending.Encoding.Result;
        if (commit.RetryKey is { } retry && Find(retry, findKey) is { } first)
        {
            _answers.Add(() => pending.Succeed(new(first.Commit, first.Records, AlreadyStored: false)));
            return;
        }

        foreach (var key in commit.Keys)
        {
            if (Find(key, findKey) is { } known)
            {
                _answers.Add(() => pending.Succeed(new(known.Commit, 0, AlreadyStored: true)));
                return;
            }
        }

        if (Conflict(commit.Positions, positions) is { } conflict)
        {
            _answers.Add(() => pending.Fail(new PositionConflictException(conflict.Source, conflict.Path)));
            return;
        }

        if (commit.Parts.Count == 0 && commit.Positions.Count == 0 && commit.Keys.Count == 0)
        {
            var last = LastCommit;
            _answers.Add(() => pending.Succeed(new(last, 0, AlreadyStored: false)));
            return;
        }

        var number = ++LastCommit;
        var records = commit.Records;
        foreach (var key in commit.RetryKey is null ? commit.Keys : commit.Keys.Append(commit.RetryKey))
        {
            _keys.TryAdd(key, new(key, number, records));
        }

        foreach (var move in commit.Positions)
        {
            _moved[move.To.Source] = move.To;
            Positions.Add(move);
        }

        Writes.Add((number, commit));
        _answers.Add(() => pending.Succeed(new(number, records, AlreadyStored: false)));
    }

    KeyRow? Find(string key, Func<string, KeyRow?> findKey) => _keys.TryGetValue(key, out var known) ? known : findKey(key);

    SourcePosition? Conflict(IReadOnlyList<PositionChange> moves, IReadOnlyDictionary<string, SourcePosition> positions)
    {
        var own = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        foreach (var (from, to) in moves)
        {
            var stored = own.GetValueOrDefault(to.Source) ?? _moved.GetValueOrDefault(to.Source) ?? positions.GetValueOrDefault(to.Source);
            if (from?.Generation != stored?.Generation || from?.Offset != stored?.Offset)
            {
                return to;
            }

            own[to.Source] = to;
        }

        return null;
    }
}
