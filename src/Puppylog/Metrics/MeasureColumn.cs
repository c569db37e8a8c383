using System.Buffers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What the rows of a block give for one measure, group by group.</summary>
abstract class MeasureColumn
{
    static readonly MeasureColumn None = new RowsOnly();

    public static MeasureColumn Of(MeasurePlan measure, BlockGroups groups, BlockValues values) => measure switch
    {
        { Property: { } property, Kind: MeasureKind.Sum or MeasureKind.Extremes or MeasureKind.Spread } => new MomentsColumn(measure.Kind, groups.Numbered(values.Numbers(property))),
        { Property: { } property, Kind: MeasureKind.Quantile } => new QuantileColumn(groups, groups.Numbered(values.Numbers(property)), values.Buckets(property)),
        { Property: { } property, Kind: MeasureKind.Distinct } => new DistinctColumn(groups, values.Hashes(property)),
        _ => None,
    };

    /// <summary>Writes what follows the number of rows. Groups are asked for once each, in their order.</summary>
    public abstract void Write(int group, ByteWriter writer);

    sealed class RowsOnly : MeasureColumn
    {
        public override void Write(int group, ByteWriter writer)
        {
        }
    }

    sealed class MomentsColumn(MeasureKind kind, GroupNumbers numbers) : MeasureColumn
    {
        public override void Write(int group, ByteWriter writer)
        {
            var moments = kind switch
            {
                MeasureKind.Sum => numbers.Sum(group),
                MeasureKind.Extremes => numbers.Extremes(group),
                _ => numbers.Spread(group),
            };
            moments.Write(kind, writer);
        }
    }

    sealed class QuantileColumn(BlockGroups groups, GroupNumbers numbers, ValueCodes codes) : MeasureColumn
    {
        int _at;

        public override void Write(int group, ByteWriter writer)
        {
            var rows = groups.InOrder().Slice(_at, groups.Rows[group]);
            _at += rows.Length;
            var used = ArrayPool<int>.Shared.Rent(rows.Length);
            var counts = ArrayPool<int>.Shared.Rent(rows.Length);
            var taken = codes.Count(rows, used, counts);
            QuantileMeasure.WriteHead(numbers.Extremes(group), taken, writer);
            QuantileMeasure.WriteBuckets(used.AsSpan(0, taken), counts, codes.Values, writer);
            ArrayPool<int>.Shared.Return(used);
            ArrayPool<int>.Shared.Return(counts);
        }
    }

    sealed class DistinctColumn(BlockGroups groups, ValueCodes codes) : MeasureColumn
    {
        int _at;

        public override void Write(int group, ByteWriter writer)
        {
            var rows = groups.InOrder().Slice(_at, groups.Rows[group]);
            _at += rows.Length;
            var used = ArrayPool<int>.Shared.Rent(rows.Length);
            var taken = used.AsSpan(0, codes.Take(rows, used));
            if (taken.Length > DistinctMeasure.MaxExact)
            {
                SketchBytes.Write(taken, codes.Values, writer);
            }
            else
            {
                DistinctMeasure.Write(taken, codes.Values, writer);
            }

            ArrayPool<int>.Shared.Return(used);
        }
    }
}
