using System.Buffers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What the rows of a block give for one measure, group by group.</summary>
abstract class MeasureColumn
{
    static readonly MeasureColumn None = new RowsOnly();

    public static MeasureColumn Of(MeasurePlan measure, BlockGroups groups, BlockValues values) => measure switch
    {
        { Property: { } property, Kind: MeasureKind.Sum or MeasureKind.Extremes or MeasureKind.Spread } => new MomentsColumn(measure.Kind, groups, values.Numbers(property)),
        { Property: { } property, Kind: MeasureKind.Quantile } => new QuantileColumn(groups, values.Numbers(property), values.Buckets(property)),
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

    sealed class MomentsColumn : MeasureColumn
    {
        readonly MeasureKind _kind;
        readonly Moments[] _moments;

        public MomentsColumn(MeasureKind kind, BlockGroups groups, NumberValues values)
        {
            (_kind, _moments) = (kind, new Moments[groups.Count]);
            switch (kind)
            {
                case MeasureKind.Sum:
                    Sum(groups, values);
                    break;
                case MeasureKind.Extremes:
                    Extremes(groups, values);
                    break;
                default:
                    Spread(groups, values);
                    break;
            }
        }

        void Sum(BlockGroups groups, NumberValues values)
        {
            var rows = groups.Members;
            var numbers = groups.Numbers;
            var (forms, moments) = (values.Forms, _moments);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                if (forms[row] == NumberForm.Integer)
                {
                    moments[numbers[i]].AddInteger(values.Integers[row]);
                }
                else if (forms[row] == NumberForm.Float)
                {
                    moments[numbers[i]].AddFloat(values.Numbers[row]);
                }
            }
        }

        void Extremes(BlockGroups groups, NumberValues values)
        {
            var rows = groups.Members;
            var numbers = groups.Numbers;
            var (forms, moments) = (values.Forms, _moments);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                if (forms[row] != NumberForm.None)
                {
                    moments[numbers[i]].AddExtreme(values.Numbers[row]);
                }
            }
        }

        void Spread(BlockGroups groups, NumberValues values)
        {
            var rows = groups.Members;
            var numbers = groups.Numbers;
            var (forms, moments) = (values.Forms, _moments);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                if (forms[row] != NumberForm.None)
                {
                    moments[numbers[i]].AddSpread(values.Numbers[row]);
                }
            }
        }

        public override void Write(int group, ByteWriter writer) => _moments[group].Write(_kind, writer);
    }

    /// <summary>What is written of sets of codes, which a histogram puts in order.</summary>
    abstract class CodesColumn(BlockGroups groups, ValueCodes codes) : MeasureColumn
    {
        int _at;

        public override void Write(int group, ByteWriter writer)
        {
            var rows = groups.InOrder().Slice(_at, groups.Rows[group]);
            _at += rows.Length;
            var used = ArrayPool<int>.Shared.Rent(rows.Length);
            var counts = ArrayPool<int>.Shared.Rent(rows.Length);
            foreach (var row in rows)
            {
                if (codes.Codes[row] >= 0)
                {
                    codes.Histogram.Add(codes.Codes[row]);
                }
            }

            var taken = codes.Histogram.Take(used, counts);
            Write(rows, used.AsSpan(0, taken), counts.AsSpan(0, taken), writer);
            ArrayPool<int>.Shared.Return(used);
            ArrayPool<int>.Shared.Return(counts);
        }

        /// <summary>By code, ascending.</summary>
        protected ReadOnlySpan<long> Values => codes.Values;

        protected abstract void Write(ReadOnlySpan<int> rows, ReadOnlySpan<int> used, ReadOnlySpan<int> counts, ByteWriter writer);
    }

    sealed class QuantileColumn(BlockGroups groups, NumberValues values, ValueCodes codes) : CodesColumn(groups, codes)
    {
        protected override void Write(ReadOnlySpan<int> rows, ReadOnlySpan<int> used, ReadOnlySpan<int> counts, ByteWriter writer)
        {
            var moments = default(Moments);
            foreach (var row in rows)
            {
                if (values.Forms[row] != NumberForm.None)
                {
                    moments.AddExtreme(values.Numbers[row]);
                }
            }

            QuantileMeasure.WriteHead(moments, used.Length, writer);
            var before = 0L;
            for (var i = 0; i < used.Length; i++)
            {
                QuantileMeasure.WriteBucket(Values[used[i]], counts[i], ref before, writer);
            }
        }
    }

    sealed class DistinctColumn(BlockGroups groups, ValueCodes codes) : CodesColumn(groups, codes)
    {
        protected override void Write(ReadOnlySpan<int> rows, ReadOnlySpan<int> used, ReadOnlySpan<int> counts, ByteWriter writer)
        {
            if (used.Length > DistinctMeasure.MaxExact)
            {
                SketchBytes.Write(used, Values, writer);
                return;
            }

            DistinctMeasure.Write(used, Values, writer);
        }
    }
}
