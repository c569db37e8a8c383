using Puppylog.Query.Filters.Automata;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Composed;

/// <summary>
/// The rows of a composed column by the state that an automaton is in after the parts seen so far. Rows that are rejected
/// are in none; past <see cref="MaxGroups"/> states the rows of further ones are undecided.
/// </summary>
sealed class StateGroups(int count)
{
    public const int MaxGroups = 64;

    readonly List<(int State, RowBitmap Rows)> _groups = [];
    int _lastState = -1;
    RowBitmap? _last;

    public IReadOnlyList<(int State, RowBitmap Rows)> All => _groups;

    public void Add(int state, RowBitmap rows)
    {
        if (state != ByteAutomaton.Rejected)
        {
            Of(state).Or(rows);
        }
    }

    public void Add(int state, int row)
    {
        if (state != ByteAutomaton.Rejected)
        {
            if (state != _lastState)
            {
                (_last, _lastState) = (Of(state), state);
            }

            _last![row] = true;
        }
    }

    /// <summary>The rows with an answer, once each text has ended.</summary>
    public (RowBitmap Accepted, RowBitmap Undecided) Finish(ByteAutomaton automaton)
    {
        var (accepted, undecided) = (new RowBitmap(count), new RowBitmap(count));
        foreach (var (state, rows) in _groups)
        {
            switch (automaton.Finish(state))
            {
                case ByteAutomaton.Accepted:
                    accepted.Or(rows);
                    break;
                case ByteAutomaton.Undecided:
                    undecided.Or(rows);
                    break;
            }
        }

        return (accepted, undecided);
    }

    RowBitmap Of(int state)
    {
        foreach (var group in _groups)
        {
            if (group.State == state)
            {
                return group.Rows;
            }
        }

        if (_groups.Count >= MaxGroups && state >= ByteAutomaton.FirstOpen)
        {
            return Of(ByteAutomaton.Undecided);
        }

        var rows = new RowBitmap(count);
        _groups.Add((state, rows));
        return rows;
    }
}
