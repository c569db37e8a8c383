using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>
/// <c>quantile(0.99, a)</c> and <c>median(a)</c> of what is a number, exact: of n sorted numbers the one at index ⌊phi·n⌋.
/// Numbers are kept as doubles, 8 bytes each, within the query's budget.
/// </summary>
sealed class QuantileFunction(string name, double phi, string phiText, ImmutableArray<string> fields) : StatsFunction(name, fields)
{
    public override StatsState CreateState(QueryMemory memory) => new State(phi, Fields, memory);

    public override string ToString() => Name == "median" ? base.ToString() : $"{Name}({phiText}, {FieldSyntax.Print(Fields)})";

    public static bool TryPhi(string text, out double phi) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out phi) && phi is >= 0 and <= 1;

    struct Cell
    {
        public double[]? Numbers;
        public int Count;

        public void Add(double number, QueryMemory memory)
        {
            if (Numbers is null || Count == Numbers.Length)
            {
                var size = Math.Max(4, Count * 2);
                memory.Charge((size - Count) * 8L);
                Array.Resize(ref Numbers, size);
            }

            Numbers[Count++] = number;
        }
    }

    sealed class State(double phi, ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        readonly GroupArray<Cell> _cells = new(memory, 40);

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
                        _cells.Items[groups.IsEmpty ? 0 : groups[i]].Add(number, memory);
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
                ref var cell = ref _cells.Items[groupMap[group]];
                if (cell.Count == 0)
                {
                    cell = theirs[group];
                    continue;
                }

                foreach (var number in theirs[group].Numbers.AsSpan(0, theirs[group].Count))
                {
                    cell.Add(number, memory);
                }
            }
        }

        public override void Write(int group, IBufferWriter<byte> target)
        {
            if (group >= _cells.Items.Length || _cells.Items[group].Count == 0)
            {
                return;
            }

            var numbers = _cells.Items[group].Numbers.AsSpan(0, _cells.Items[group].Count);
            numbers.Sort();
            target.WriteNumber(numbers[Math.Min(numbers.Length - 1, (int)(phi * numbers.Length))]);
        }
    }
}
