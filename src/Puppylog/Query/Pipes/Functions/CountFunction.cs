using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>
/// <c>count()</c>: rows; <c>count(a, b)</c>: rows with one of the fields not empty; <c>count_empty(a, b)</c>: rows with
/// none of them.
/// </summary>
sealed class CountFunction(bool countsEmpty, ImmutableArray<string> fields) : StatsFunction(countsEmpty ? "count_empty" : "count", fields)
{
    /// <summary>True for <c>count()</c>, which asks nothing of a row.</summary>
    public bool CountsRows => Fields.IsEmpty && !countsEmpty;

    /// <summary>True for <c>count_empty</c>.</summary>
    public bool CountsEmpty => countsEmpty;

    public override StatsState CreateState(QueryMemory memory) => new State(countsEmpty, Fields, memory);

    public sealed class State(bool countsEmpty, ImmutableArray<string> fields, QueryMemory memory) : StatsState
    {
        readonly GroupArray<long> _counts = new(memory, 8);

        public GroupArray<long> Counts => _counts;

        public override void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount)
        {
            _counts.Ensure(groupCount);
            var counts = _counts.Items;
            if (!fields.IsEmpty)
            {
                UpdateFields(view, rows, groups, counts);
            }
            else if (groups.IsEmpty)
            {
                counts[0] += rows.Length;
            }
            else
            {
                foreach (var group in groups)
                {
                    counts[group]++;
                }
            }
        }

        public override void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount)
        {
            _counts.Ensure(groupCount);
            var theirs = ((State)other)._counts.Items;
            for (var group = 0; group < Math.Min(groupMap.Length, theirs.Length); group++)
            {
                _counts.Items[groupMap[group]] += theirs[group];
            }
        }

        public override void Write(int group, IBufferWriter<byte> target) => target.WriteInteger(group < _counts.Items.Length ? _counts.Items[group] : 0);

        void UpdateFields(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, long[] counts)
        {
            var columns = new ColumnVector?[fields.Length];
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i] = FieldResolver.Resolve(view, fields[i]);
            }

            for (var i = 0; i < rows.Length; i++)
            {
                var empty = true;
                foreach (var column in columns)
                {
                    if (column is not null && (column is IntegerVector or TimestampVector ? column.IsPresent(rows[i]) : !column.Value(rows[i]).IsEmpty))
                    {
                        empty = false;
                        break;
                    }
                }

                if (empty == countsEmpty)
                {
                    counts[groups.IsEmpty ? 0 : groups[i]]++;
                }
            }
        }
    }
}
