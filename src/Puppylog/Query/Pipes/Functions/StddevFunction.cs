using System.Buffers;
using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Query.Pipes.Functions;

/// <summary><c>stddev(a, b)</c>: the standard deviation of the numbers there are (of a population); NaN where there are none.</summary>
/// <remarks>Welford's running moments; parts are merged as by Chan, Golub and LeVeque (1979).</remarks>
sealed class StddevFunction(ImmutableArray<string> fields) : StatsFunction("stddev", fields)
{
    public override StatsState CreateState(QueryMemory memory) => new State(Fields, memory);

    struct Cell
    {
        public long Count;
        public double Mean;
        public double Squares;
    }

    sealed class State(ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        readonly GroupArray<Cell> _cells = new(memory, 24);

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            _cells.Ensure(groupCount);
            foreach (var field in fields)
            {
                var numbers = new NumberColumn(FieldResolver.Resolve(view, field));
                for (var i = 0; i < rows.Length; i++)
                {
                    if (numbers.TryRead(rows[i], out var number, out _, out _))
                    {
                        ref var cell = ref _cells.Items[groups.IsEmpty ? 0 : groups[i]];
                        var delta = number - cell.Mean;
                        cell.Mean += delta / ++cell.Count;
                        cell.Squares += delta * (number - cell.Mean);
                    }
                }
            }
        }

        public override void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount)
        {
            _cells.Ensure(groupCount);
            var theirs = ((State)other)._cells.Items;
            for (var group = 0; group < Math.Min(groupMap.Length, theirs.Length); group++)
            {
                ref var a = ref _cells.Items[groupMap[group]];
                var b = theirs[group];
                if (b.Count == 0)
                {
                    continue;
                }

                var delta = b.Mean - a.Mean;
                var count = a.Count + b.Count;
                a.Squares += b.Squares + (delta * delta * ((double)a.Count * b.Count / count));
                a.Mean += delta * b.Count / count;
                a.Count = count;
            }
        }

        public override void Write(int group, IBufferWriter<byte> target)
        {
            var cell = group < _cells.Items.Length ? _cells.Items[group] : default;
            if (cell.Count == 0)
            {
                target.Write("NaN"u8);
            }
            else
            {
                target.WriteNumber(Math.Sqrt(Math.Max(0, cell.Squares / cell.Count)));
            }
        }
    }
}
