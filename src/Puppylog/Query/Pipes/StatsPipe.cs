using System.Buffers;
using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>
/// <c>stats by (a, _time:10s) count() as hits, sum(b)</c>: a row per group, sorted by the groups; without <c>by</c> one
/// row, also of nothing.
/// </summary>
sealed class StatsPipe(ImmutableArray<GroupField> by, ImmutableArray<StatsColumn> columns) : GatheringPipe
{
    public static StatsPipe Parse(TokenReader reader, long now)
    {
        ImmutableArray<GroupField> by = [];
        if (reader.TakeWord("by") || reader.Current.IsSymbol('('))
        {
            by = GroupField.ParseList(reader);
        }

        var columns = ImmutableArray.CreateBuilder<StatsColumn>();
        do
        {
            var position = reader.Current.Position;
            var column = StatsColumn.Parse(reader, now);
            if (columns.Any(other => other.ResultName == column.ResultName) || by.Any(field => field.Name == column.ResultName))
            {
                throw reader.Error(position, $"two results would be called '{column.ResultName}': name one of them with 'as'");
            }

            columns.Add(column);
        }
        while (reader.TakeSymbol(','));
        return new(by, columns.ToImmutable());
    }

    public override bool MakesTable => true;

    public ImmutableArray<GroupField> By => by;

    public ImmutableArray<StatsColumn> Columns => columns;

    public override NeededFields Needed(NeededFields after)
    {
        var names = new HashSet<string>(by.Select(field => field.Name), StringComparer.Ordinal);
        foreach (var column in columns)
        {
            names.UnionWith(column.Function.Fields);
            column.Condition?.AddFields(names);
        }

        return NeededFields.None.With(names);
    }

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) => new Operator(this, next, context);

    public override string ToString() => $"stats {(by.IsEmpty ? "" : $"by ({string.Join(", ", by)}) ")}{string.Join(", ", columns)}";

    sealed class Operator : GatheringOperator
    {
        readonly StatsPipe _pipe;
        readonly PipeOperator _next;
        readonly QueryContext _context;
        readonly GroupTable _groups;
        readonly StatsState[] _states;
        readonly string[] _fields;

        /// <summary>Rows per group where nothing but one <c>count()</c> is asked, which needs no group per row.</summary>
        readonly GroupArray<long>? _counts;

        public Operator(StatsPipe pipe, PipeOperator next, QueryContext context)
        {
            _pipe = pipe;
            _next = next;
            _context = context;
            _groups = new(pipe.By, context.Memory);
            _states = [.. pipe.Columns.Select(column => column.Function.CreateState(context.Memory))];
            if (pipe.Columns is [{ Function: CountFunction { CountsRows: true }, Condition: null }])
            {
                _counts = ((CountFunction.State)_states[0]).Counts;
            }

            _fields = [.. pipe.Needed(NeededFields.None).Names];
        }

        int GroupCount => _pipe.By.IsEmpty ? 1 : _groups.Count;

        public override bool Push(RecordView view, ReadOnlySpan<int> rows)
        {
            // All columns before the first sum: a block that turns out damaged counts not at all instead of half.
            foreach (var field in _fields)
            {
                Filters.FieldResolver.Resolve(view, field);
            }

            if (_counts is not null && !_pipe.By.IsEmpty)
            {
                _groups.CountRows(view, rows, _counts);
                return true;
            }

            var groups = _pipe.By.IsEmpty ? [] : _groups.Assign(view, rows);
            for (var i = 0; i < _states.Length; i++)
            {
                if (_pipe.Columns[i].Condition is { } condition)
                {
                    UpdateSome(_states[i], condition, view, rows, groups);
                }
                else
                {
                    _states[i].Update(view, rows, groups, GroupCount);
                }
            }

            return true;
        }

        public override void Merge(GatheringOperator other)
        {
            var theirs = (Operator)other;
            ReadOnlySpan<int> map = _pipe.By.IsEmpty ? [0] : _groups.Merge(theirs._groups);
            for (var i = 0; i < _states.Length; i++)
            {
                _states[i].Merge(theirs._states[i], map, GroupCount);
            }
        }

        public override void Finish()
        {
            RankedGroup[] order = _pipe.By.IsEmpty ? [default] : _groups.Sorted();
            var view = new ResultView(order.Length);
            if (!_pipe.By.IsEmpty)
            {
                _groups.AddColumns(view, [.. _pipe.By.Select(field => field.Name)], order);
            }

            var text = new ArrayBufferWriter<byte>();
            for (var i = 0; i < _states.Length; i++)
            {
                var column = new ResultColumn(order.Length);
                foreach (var group in order)
                {
                    text.ResetWrittenCount();
                    _states[i].Write(group.Group, text);
                    column.Add(text.WrittenSpan);
                }

                view.Add(_pipe.Columns[i].ResultName, column.ToVector());
                if (_states[i].Estimate is { } how)
                {
                    _context.OnNote?.Invoke($"{_pipe.Columns[i].ResultName}: {how}");
                }
            }

            _next.PushAll(view);
            _next.Finish();
        }

        void UpdateSome(StatsState state, Filters.Filter condition, RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups)
        {
            var matching = new RowBitmap(view.Count);
            foreach (var row in rows)
            {
                matching[row] = true;
            }

            condition.Apply(view, matching);
            var someRows = new List<int>();
            var someGroups = new List<int>();
            for (var i = 0; i < rows.Length; i++)
            {
                if (matching[rows[i]])
                {
                    someRows.Add(rows[i]);
                    if (groups.Length > 0)
                    {
                        someGroups.Add(groups[i]);
                    }
                }
            }

            if (someRows.Count > 0)
            {
                state.Update(view, someRows.ToArray(), someGroups.ToArray(), GroupCount);
            }
        }
    }
}
