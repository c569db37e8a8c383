using System.Buffers;
using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Query.Pipes.Functions;

/// <summary><c>min(a, b)</c> and <c>max(a, b)</c>: the first and last value in natural order, as it was written; empty ones aside.</summary>
sealed class ExtremeFunction(bool isMax, ImmutableArray<string> fields) : StatsFunction(isMax ? "max" : "min", fields)
{
    public bool IsMax => isMax;

    public override StatsState CreateState(QueryMemory memory) => new State(isMax, Fields, memory);

    struct Cell
    {
        public SortKey Key;
        public byte[]? Text;
        public int Length;

        public readonly ReadOnlySpan<byte> Value => Text.AsSpan(0, Length);

        public void Set(SortKey key, ReadOnlySpan<byte> value, QueryMemory memory)
        {
            Key = key;
            if (Text is null || Text.Length < value.Length)
            {
                memory.Charge(value.Length + 32);
                Text = new byte[value.Length];
            }

            value.CopyTo(Text);
            Length = value.Length;
        }
    }

    sealed class State(bool isMax, ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        readonly GroupArray<Cell> _cells = new(memory, 48);

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            _cells.Ensure(groupCount);
            var cells = _cells.Items;
            foreach (var field in fields)
            {
                if (FieldResolver.Resolve(view, field) is not { } column)
                {
                    continue;
                }

                var keys = new SortColumn(column);
                for (var i = 0; i < rows.Length; i++)
                {
                    ref var cell = ref cells[groups.IsEmpty ? 0 : groups[i]];
                    var key = keys.Key(rows[i]);
                    if (cell.Text is not null)
                    {
                        var order = key.CompareTo(cell.Key);
                        if (isMax ? order < 0 : order > 0)
                        {
                            continue;
                        }
                    }

                    Offer(ref cell, key, column.Value(rows[i]));
                }
            }
        }

        public override void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount)
        {
            _cells.Ensure(groupCount);
            var theirs = ((State)other)._cells.Items;
            for (var group = 0; group < Math.Min(groupMap.Length, theirs.Length); group++)
            {
                Offer(ref _cells.Items[groupMap[group]], theirs[group].Key, theirs[group].Value);
            }
        }

        public override void Write(int group, IBufferWriter<byte> target)
        {
            if (group < _cells.Items.Length)
            {
                target.Write(_cells.Items[group].Value);
            }
        }

        void Offer(ref Cell cell, SortKey key, ReadOnlySpan<byte> value)
        {
            if (value.IsEmpty)
            {
                return;
            }

            var order = cell.Text is null ? 0 : NaturalOrder.Compare(key, value, cell.Key, cell.Value);
            if (cell.Text is null || (isMax ? order > 0 : order < 0))
            {
                cell.Set(key, value, memory);
            }
        }
    }
}
