using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Counts one block for all metrics. What several need of its columns is worked out once.</summary>
sealed class BlockCounter(RecordView view, ByteWriter writer)
{
    static readonly int[] Identity = [.. Enumerable.Range(0, RecordBatch.MaxRecords)];

    readonly Dictionary<long, BlockPeriods> _periods = [];
    readonly Dictionary<string, BlockKeys> _keys = new(StringComparer.Ordinal);
    readonly Dictionary<string, NumberColumn> _numbers = new(StringComparer.Ordinal);
    readonly RowBitmap _matching = new(view.Count);

    /// <summary>Writes the sections of what the block adds.</summary>
    /// <exception cref="CorruptDataException">A column does not verify.</exception>
    public void Count(MetricPlan plan)
    {
        try
        {
            foreach (var filter in plan.Filters)
            {
                if (!filter.Filter.MayMatch(view))
                {
                    continue;
                }

                _matching.SetAll();
                filter.Filter.Apply(view, _matching);
                if (!_matching.IsEmpty())
                {
                    Count(filter);
                }
            }
        }
        finally
        {
            foreach (var keys in _keys.Values)
            {
                keys.Dispose();
            }
        }
    }

    void Count(FilterPlan filter)
    {
        int[]? rows = null;
        foreach (var grouping in filter.Groupings)
        {
            var periods = Periods(grouping.Period);
            if (grouping.Present is not null)
            {
                CountGroups(grouping, periods, Present(rows ??= _matching.ToRows(), grouping.Present));
            }
            else if (grouping.Segments.IsEmpty && periods.Runs.Count <= view.Count / 64 && grouping.Measures is [{ Kind: MeasureKind.Count }])
            {
                CountRuns(grouping.Measures[0], periods);
            }
            else
            {
                CountGroups(grouping, periods, rows ??= _matching.ToRows());
            }
        }
    }

    /// <summary>Counts bits, as neighbouring rows are mostly of one period.</summary>
    void CountRuns(MeasurePlan measure, BlockPeriods periods)
    {
        Span<long> counts = new long[periods.Count];
        var runs = periods.Runs;
        for (var i = 0; i < runs.Count; i++)
        {
            counts[runs[i].Code] += CountSet(_matching.Words, runs[i].Row, i + 1 < runs.Count ? runs[i + 1].Row : view.Count);
        }

        var begun = MetricSection.Begin(writer, measure.Metrics, MeasureKind.Count, hasSegments: false);
        var before = 0L;
        for (var code = 0; code < counts.Length; code++)
        {
            if (counts[code] > 0)
            {
                writer.ZigZag(periods[code] - before);
                before = periods[code];
                writer.Varint((ulong)counts[code]);
            }
        }

        MetricSection.End(writer, begun);
    }

    static int CountSet(ReadOnlySpan<ulong> words, int from, int to)
    {
        if (from >> 6 == to >> 6)
        {
            return BitOperations.PopCount((words[from >> 6] >> (from & 63)) & ((1UL << (to - from)) - 1));
        }

        var sum = BitOperations.PopCount(words[from >> 6] >> (from & 63));
        for (var i = (from >> 6) + 1; i < to >> 6; i++)
        {
            sum += BitOperations.PopCount(words[i]);
        }

        return (to & 63) == 0 ? sum : sum + BitOperations.PopCount(words[to >> 6] & ((1UL << (to & 63)) - 1));
    }

    void CountGroups(GroupingPlan grouping, BlockPeriods periods, int[] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        var keys = grouping.Segments.IsEmpty ? null : Keys(grouping);
        var groups = new BlockGroups(periods, keys, rows);
        var values = new MeasureColumn(groups, rows);
        foreach (var measure in grouping.Measures)
        {
            values.Gather(measure.Kind, measure.Property is { } property && measure.Kind != MeasureKind.Count ? property : null, Numbers, Column);
            Write(measure, periods, keys, groups, values);
        }
    }

    void Write(MeasurePlan measure, BlockPeriods periods, BlockKeys? keys, BlockGroups groups, MeasureColumn values)
    {
        var begun = MetricSection.Begin(writer, measure.Metrics, measure.Kind, keys is not null);
        var before = 0L;
        var scratch = new ArrayBufferWriter<byte>();
        foreach (var group in groups.InOrder())
        {
            var (period, key) = groups[group];
            writer.ZigZag(periods[period] - before);
            before = periods[period];
            if (keys is not null)
            {
                MetricSection.WriteSegment(writer, keys.Joined(key, scratch), isOther: false);
            }

            values.Write(measure.Kind, group, writer);
        }

        MetricSection.End(writer, begun);
    }

    BlockPeriods Periods(long length)
    {
        if (!_periods.TryGetValue(length, out var periods))
        {
            _periods[length] = periods = new(view.Times.Nanoseconds.AsSpan(0, view.Count), length);
        }

        return periods;
    }

    BlockKeys Keys(GroupingPlan grouping)
    {
        if (!_keys.TryGetValue(grouping.SegmentKey, out var keys))
        {
            ReadOnlySpan<int> all = view.Count <= Identity.Length ? Identity.AsSpan(0, view.Count) : Enumerable.Range(0, view.Count).ToArray();
            _keys[grouping.SegmentKey] = keys = new([.. grouping.Segments.Select(Column)], [.. grouping.Segments.Select(name => new GroupField(name))], all);
        }

        return keys;
    }

    NumberColumn Numbers(string property)
    {
        if (!_numbers.TryGetValue(property, out var numbers))
        {
            _numbers[property] = numbers = new(Column(property));
        }

        return numbers;
    }

    ColumnVector? Column(string name) => PropertyNames.Resolve(view, name);

    int[] Present(int[] rows, string property)
    {
        var column = Column(property);
        return column is null ? [] : [.. rows.Where(row => column.IsPresent(row) && !column.Value(row).IsEmpty)];
    }
}
