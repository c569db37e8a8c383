using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Counts one block for all metrics. What several need of its columns is worked out once.</summary>
sealed class BlockCounter(RecordView view, ByteWriter writer) : IDisposable
{
    static readonly int[] Identity = [.. Enumerable.Range(0, RecordBatch.MaxRecords)];

    readonly Dictionary<long, BlockPeriods> _periods = [];
    readonly Dictionary<string, BlockKeys> _keys = new(StringComparer.Ordinal);
    readonly BlockValues _values = new(view);
    readonly ArrayBufferWriter<byte> _scratch = new();

    /// <summary>Writes the sections of what the block adds.</summary>
    /// <exception cref="CorruptDataException">A column does not verify.</exception>
    public void Count(MetricPlan plan)
    {
        var (sets, apart) = new MatchedRows(view, plan).Find();
        // Where segments may have to be counted together, all of a filter have to be seen at once.
        foreach (var set in sets)
        {
            Count(set.Rows, set.Groupings, areWide: true);
        }

        foreach (var part in apart)
        {
            Count(part.Rows, part.Groupings, areWide: false);
        }
    }

    public void Dispose()
    {
        foreach (var keys in _keys.Values)
        {
            keys.Dispose();
        }

        foreach (var periods in _periods.Values)
        {
            periods.Dispose();
        }

        _values.Dispose();
    }

    /// <param name="areWide">Which of the groupings are counted: those with more segments than fit a period, or the others.</param>
    void Count(RowBitmap matching, ImmutableArray<GroupingPlan> groupings, bool areWide)
    {
        int[]? rows = null;
        var count = 0;
        foreach (var grouping in groupings)
        {
            if (areWide != IsWide(grouping))
            {
                continue;
            }

            var periods = Periods(grouping.Period);
            if (grouping.Present is not null)
            {
                CountGroups(grouping, periods, Present(matching, grouping.Present));
            }
            else if (grouping.Segments.IsEmpty && periods.Runs.Count <= view.Count / 64 && grouping.Measures is [{ Kind: MeasureKind.Count }])
            {
                CountRuns(matching, grouping.Measures[0], periods);
            }
            else
            {
                rows ??= Rows(matching, out count);
                CountGroups(grouping, periods, rows.AsMemory(0, count));
            }
        }

        if (rows is not null)
        {
            ArrayPool<int>.Shared.Return(rows);
        }
    }

    /// <summary>Counts bits, as neighbouring rows are mostly of one period.</summary>
    void CountRuns(RowBitmap matching, MeasurePlan measure, BlockPeriods periods)
    {
        Span<long> counts = periods.Count <= 256 ? stackalloc long[periods.Count] : new long[periods.Count];
        counts.Clear();
        var runs = periods.Runs;
        for (var i = 0; i < runs.Count; i++)
        {
            counts[runs[i].Code] += CountSet(matching.Words, runs[i].Row, i + 1 < runs.Count ? runs[i + 1].Row : view.Count);
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

    void CountGroups(GroupingPlan grouping, BlockPeriods periods, ReadOnlyMemory<int> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        var keys = grouping.Segments.IsEmpty ? null : Keys(grouping);
        using var groups = new BlockGroups(periods, keys, rows);
        foreach (var measure in grouping.Measures)
        {
            var measured = MeasureColumn.Of(measure, groups, _values);
            var begun = MetricSection.Begin(writer, measure.Metrics, measure.Kind, keys is not null);
            var before = 0L;
            for (var group = 0; group < groups.Count; group++)
            {
                var (period, key) = groups[group];
                writer.ZigZag(periods[period] - before);
                before = periods[period];
                if (keys is not null)
                {
                    MetricSection.WriteSegment(writer, keys.Joined(key, _scratch), isOther: false);
                }

                writer.Varint((ulong)groups.Rows[group]);
                measured.Write(group, writer);
            }

            MetricSection.End(writer, begun);
        }
    }

    bool IsWide(GroupingPlan grouping) => !grouping.Segments.IsEmpty && Keys(grouping).Count > MetricDefinition.MaxSegments;

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
            _keys[grouping.SegmentKey] = keys = new([.. grouping.Segments.Select(name => PropertyNames.Resolve(view, name))], [.. grouping.Segments.Select(name => new GroupField(name))], all);
        }

        return keys;
    }

    /// <summary>The rows, in an array of the pool.</summary>
    static int[] Rows(RowBitmap matching, out int count)
    {
        var rows = ArrayPool<int>.Shared.Rent(matching.CountSet());
        count = 0;
        for (var i = 0; i < matching.Words.Length; i++)
        {
            for (var word = matching.Words[i]; word != 0; word &= word - 1)
            {
                rows[count++] = (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return rows;
    }

    int[] Present(RowBitmap matching, string property)
    {
        var column = _values.Column(property);
        return column is null ? [] : [.. matching.ToRows().Where(row => column.IsPresent(row) && !column.Value(row).IsEmpty)];
    }
}
