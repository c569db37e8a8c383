using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>
/// <c>quantile(0.99, a)</c> and <c>median(a)</c> of what is a number: of n sorted numbers the one at index ⌊phi·n⌋. Numbers
/// are kept as doubles, 8 bytes each; past <see cref="MaxExact"/> of all groups together, groups that have many become
/// estimates (<see cref="QuantileSketch"/>).
/// </summary>
sealed class QuantileFunction(string name, double phi, string phiText, ImmutableArray<string> fields) : StatsFunction(name, fields)
{
    /// <summary>32 MiB of numbers.</summary>
    public const int MaxExact = 1 << 22;

    /// <summary>A group with fewer numbers takes about as little room as a sketch.</summary>
    const int MinSketched = 1 << 10;

    public double Phi => phi;

    public override StatsState CreateState(QueryMemory memory) => new State(phi, Fields, memory);

    public override string ToString() => Name == "median" ? base.ToString() : $"{Name}({phiText}, {FieldSyntax.Print(Fields)})";

    public static bool TryPhi(string text, out double phi) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out phi) && phi is >= 0 and <= 1;

    /// <summary>The numbers of a group, or the sketch that they became.</summary>
    struct Cell
    {
        public NumberList? Numbers;
        public QuantileSketch? Sketch;

        public void Add(double number, QueryMemory memory) => (Numbers ??= new(memory)).Add(number);

        public void BecomeSketch(QueryMemory memory)
        {
            memory.Charge(4096);
            Sketch = new QuantileSketch(memory);
            AddTo(Sketch);
        }

        /// <summary>Moves the numbers into a sketch.</summary>
        public void AddTo(QuantileSketch sketch)
        {
            if (Numbers is null)
            {
                return;
            }

            foreach (var part in Numbers.Parts())
            {
                foreach (var number in part.Span)
                {
                    sketch.Add(number);
                }
            }

            Numbers.Release();
            Numbers = null;
        }
    }

    sealed class State(double phi, ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        static readonly string ErrorText = (QuantileSketch.RelativeError * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

        readonly GroupArray<Cell> _cells = new(memory, 40);

        /// <summary>Numbers kept in all groups.</summary>
        long _kept;
        long _limit = MaxExact;
        bool _isEstimate;

        public override string? Estimate => _isEstimate ? $"estimate, relative error at most {ErrorText}; exact up to {MaxExact} numbers" : null;

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            _cells.Ensure(groupCount);
            foreach (var field in fields)
            {
                var column = FieldResolver.Resolve(view, field);
                if (column is IntegerVector { Present: null } integers && groups.IsEmpty && _cells.Items[0].Sketch is null)
                {
                    AddIntegers(integers.Values, rows);
                }
                else
                {
                    AddNumbers(new NumberColumn(column), rows, groups);
                }

                if (_kept > _limit)
                {
                    Sketch();
                }
            }
        }

        public override void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount)
        {
            _cells.Ensure(groupCount);
            var theirs = (State)other;
            _isEstimate |= theirs._isEstimate;
            for (var group = 0; group < Math.Min(groupMap.Length, theirs._cells.Items.Length); group++)
            {
                Merge(ref _cells.Items[groupMap[group]], theirs._cells.Items[group]);
            }

            if (_kept > _limit)
            {
                Sketch();
            }
        }

        public override void Write(int group, IBufferWriter<byte> target)
        {
            var cell = group < _cells.Items.Length ? _cells.Items[group] : default;
            if (cell.Sketch is { } sketch)
            {
                target.WriteNumber(sketch.At(Math.Min(sketch.Count - 1, (long)(phi * sketch.Count))));
            }
            else if (cell.Numbers is { Count: > 0 } numbers)
            {
                target.WriteNumber(numbers.At(Math.Min(numbers.Count - 1, (int)(phi * numbers.Count))));
                numbers.Release();
            }
        }

        void AddIntegers(long[] values, ReadOnlySpan<int> rows)
        {
            ref var cell = ref _cells.Items[0];
            (cell.Numbers ??= new(memory)).Add(values, rows);
            _kept += rows.Length;
        }

        void AddNumbers(NumberColumn numbers, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (!numbers.TryRead(rows[i], out var number, out _, out _))
                {
                    continue;
                }

                ref var cell = ref _cells.Items[groups.IsEmpty ? 0 : groups[i]];
                if (cell.Sketch is { } sketch)
                {
                    sketch.Add(number);
                }
                else
                {
                    cell.Add(number, memory);
                    _kept++;
                }
            }
        }

        void Merge(ref Cell mine, Cell theirs)
        {
            if (theirs.Sketch is { } sketch)
            {
                if (mine.Sketch is null)
                {
                    _kept -= mine.Numbers?.Count ?? 0;
                    mine.BecomeSketch(memory);
                }

                mine.Sketch!.Merge(sketch);
            }
            else if (mine.Sketch is { } estimate)
            {
                theirs.AddTo(estimate);
            }
            else if (theirs.Numbers is { } numbers)
            {
                _kept += numbers.Count;
                if (mine.Numbers is null)
                {
                    mine.Numbers = numbers;
                }
                else
                {
                    mine.Numbers.Take(numbers);
                }
            }
        }

        /// <summary>Turns the groups with many numbers into sketches; where that frees little, numbers go on within the budget.</summary>
        void Sketch()
        {
            foreach (ref var cell in _cells.Items.AsSpan())
            {
                if (cell.Numbers is { Count: >= MinSketched } numbers)
                {
                    _kept -= numbers.Count;
                    cell.BecomeSketch(memory);
                    _isEstimate = true;
                }
            }

            _limit = Math.Max(MaxExact, _kept * 2);
        }
    }
}
