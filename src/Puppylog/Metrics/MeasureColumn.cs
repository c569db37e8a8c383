using Puppylog.Query.Values;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What the rows of a block give, by group, for one measure after the other.</summary>
sealed class MeasureColumn(BlockGroups groups, int[] rows)
{
    readonly Moments[] _moments = new Moments[groups.Count];
    QuantileSketch?[] _sketches = [];
    DistinctMeasure?[] _distinct = [];

    /// <param name="kind">What is gathered.</param>
    /// <param name="property">From which field; null where only records are counted.</param>
    public void Gather(MeasureKind kind, string? property, Func<string, NumberColumn> numbers, Func<string, ColumnVector?> column)
    {
        if (property is null)
        {
            return;
        }

        if (kind == MeasureKind.Distinct)
        {
            _distinct = new DistinctMeasure?[groups.Count];
            GatherDistinct(column(property));
            return;
        }

        Array.Clear(_moments);
        _sketches = kind == MeasureKind.Quantile ? new QuantileSketch?[groups.Count] : [];
        var values = numbers(property);
        for (var i = 0; i < rows.Length; i++)
        {
            if (values.TryRead(rows[i], out var number, out var integer, out var isInteger))
            {
                var group = groups.Numbers[i];
                _moments[group].Add(kind, number, integer, isInteger);
                if (_sketches.Length > 0)
                {
                    (_sketches[group] ??= Measure.NewSketch()).Add(number);
                }
            }
        }
    }

    public void Write(MeasureKind kind, int group, ByteWriter writer)
    {
        if (kind == MeasureKind.Count)
        {
            writer.Varint((ulong)groups.Rows[group]);
            return;
        }

        Measure.Write(
            kind, writer, groups.Rows[group], _moments[group], kind == MeasureKind.Quantile ? _sketches[group] : null,
            kind == MeasureKind.Distinct ? _distinct[group] : null);
    }

    void GatherDistinct(ColumnVector? column)
    {
        if (column is null)
        {
            return;
        }

        using var codes = new Query.Execution.Groups.ColumnCodes(column, rows, null);
        var hashes = new ulong[codes.Count];
        var seen = new bool[codes.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var code = codes.Codes[i];
            if (!seen[code])
            {
                seen[code] = true;
                var value = codes.Value(code);
                // Zero stands for no value.
                hashes[code] = value.IsEmpty ? 0 : Math.Max(1, ByteHash.Stable(value));
            }

            if (hashes[code] != 0)
            {
                (_distinct[groups.Numbers[i]] ??= new()).Add(hashes[code]);
            }
        }
    }
}
