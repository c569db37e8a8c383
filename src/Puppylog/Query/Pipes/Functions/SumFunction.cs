using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Pipes.Functions;

/// <summary><c>sum(a, b)</c> and <c>avg(a, b)</c> of what is a number; NaN where nothing is. Sums of integers are exact.</summary>
sealed class SumFunction(bool isAverage, ImmutableArray<string> fields) : StatsFunction(isAverage ? "avg" : "sum", fields)
{
    public bool IsAverage => isAverage;

    public override StatsState CreateState(QueryMemory memory) => new State(isAverage, Fields, memory);

    /// <summary>Integers apart from the rest, which is summed with Neumaier's compensation.</summary>
    struct Cell
    {
        public Int128 Integers;
        public double Floats;
        public double Compensation;
        public long Count;
        public bool HasFloats;

        public void Add(double value)
        {
            var sum = Floats + value;
            Compensation += Math.Abs(Floats) >= Math.Abs(value) ? Floats - sum + value : value - sum + Floats;
            Floats = sum;
            HasFloats = true;
        }

        public readonly double Total => (double)Integers + Floats + Compensation;
    }

    sealed class State(bool isAverage, ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        readonly GroupArray<Cell> _cells = new(memory, 64);

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            _cells.Ensure(groupCount);
            var cells = _cells.Items;
            foreach (var field in fields)
            {
                var column = FieldResolver.Resolve(view, field);
                if (column is IntegerVector { Present: null } integers && groups.IsEmpty)
                {
                    AddIntegers(integers.Values, rows, ref cells[0]);
                    continue;
                }

                var numbers = new NumberColumn(column);
                if (column is DictionaryVector dictionary && groups.IsEmpty)
                {
                    AddCodes(dictionary, numbers, rows, ref cells[0]);
                    continue;
                }

                for (var i = 0; i < rows.Length; i++)
                {
                    if (!numbers.TryRead(rows[i], out var number, out var integer, out var isInteger))
                    {
                        continue;
                    }

                    ref var cell = ref cells[groups.IsEmpty ? 0 : groups[i]];
                    cell.Count++;
                    if (isInteger)
                    {
                        cell.Integers += integer;
                    }
                    else
                    {
                        cell.Add(number);
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
                cell.Integers += theirs[group].Integers;
                cell.Count += theirs[group].Count;
                if (theirs[group].HasFloats)
                {
                    cell.Add(theirs[group].Floats);
                    cell.Compensation += theirs[group].Compensation;
                }
            }
        }

        public override void Write(int group, IBufferWriter<byte> target)
        {
            var cell = group < _cells.Items.Length ? _cells.Items[group] : default;
            if (cell.Count == 0)
            {
                target.Write("NaN"u8);
            }
            else if (isAverage)
            {
                target.WriteNumber(cell.Total / cell.Count);
            }
            else if (cell.HasFloats)
            {
                target.WriteNumber(cell.Total);
            }
            else
            {
                target.Write(Encoding.ASCII.GetBytes(cell.Integers.ToString(CultureInfo.InvariantCulture)));
            }
        }

        /// <summary>Counts the codes and adds each distinct number so often.</summary>
        static void AddCodes(DictionaryVector dictionary, NumberColumn numbers, ReadOnlySpan<int> rows, ref Cell cell)
        {
            var rented = ArrayPool<int>.Shared.Rent(dictionary.Values.Count);
            var counts = rented.AsSpan(0, dictionary.Values.Count);
            counts.Clear();
            foreach (var row in rows)
            {
                counts[dictionary.Codes[row]]++;
            }

            for (var code = 0; code < counts.Length; code++)
            {
                if (counts[code] == 0 || !numbers.TryReadCode(code, out var number, out var integer, out var isInteger))
                {
                    continue;
                }

                cell.Count += counts[code];
                if (isInteger)
                {
                    cell.Integers += (Int128)integer * counts[code];
                }
                else
                {
                    cell.Add(number * counts[code]);
                }
            }

            ArrayPool<int>.Shared.Return(rented);
        }

        /// <summary>Adds in 64 bits with a check of the carry; 128 bits only at its end.</summary>
        static void AddIntegers(long[] values, ReadOnlySpan<int> rows, ref Cell cell)
        {
            var sum = 0L;
            foreach (var row in rows)
            {
                var value = values[row];
                var next = unchecked(sum + value);
                if (((sum ^ next) & (value ^ next)) < 0)
                {
                    cell.Integers += sum;
                    next = value;
                }

                sum = next;
            }

            cell.Integers += sum;
            cell.Count += rows.Length;
        }
    }
}
