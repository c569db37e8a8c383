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
        readonly GroupTable _groups;
        readonly StatsState[] _states;
        readonly string[] _fields;

        public Operator(StatsPipe pipe, PipeOperator next, QueryContext context)
        {
            _pipe = pipe;
            _next = next;
            _groups = new(pipe.By, context.Memory);
            _states = [.. pipe.Columns.Select(column => column.Function.CreateState(context.Memory))];
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

            var groups = _pipe.By.IsEmpty ? [] : _groups.Assign(_groups.Resolve(view), rows);
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
            var order = new int[GroupCount];
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            var view = new ResultView(order.Length);
            if (!_pipe.By.IsEmpty)
            {
                order.AsSpan().Sort(_groups.Compare);
                _groups.AddColumns(view, order);
            }

            var text = new ArrayBufferWriter<byte>();
            for (var i = 0; i < _states.Length; i++)
            {
                var column = new ResultColumn(order.Length);
                foreach (var group in order)
                {
                    text.ResetWrittenCount();
                    _states[i].Write(group, text);
                    column.Add(text.WrittenSpan);
                }

                view.Add(_pipe.Columns[i].ResultName, column.ToVector());
            }

            _next.PushAll(view);
            _next.Finish();
        }

        void UpdateSome(StatsState state, Filters.Filter condition, RecordView view, ReadOnlySpan<int> rows, int[] groups)
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
