using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Filters;

/// <summary>A view that serves given columns, each as the kind of vector that a test asks for.</summary>
sealed class VectorView(int count, long[]? times = null) : RecordView
{
    readonly Dictionary<string, ColumnVector> _columns = new(StringComparer.Ordinal);

    public enum Shape
    {
        /// <summary>Values one after the other in a buffer.</summary>
        Text,

        /// <summary>Values in the buffer in the opposite order.</summary>
        Scattered,
        Dictionary,

        /// <summary>One value for all rows, where they have one.</summary>
        Constant,

        /// <summary>Integers, where all values are.</summary>
        Integer,

        /// <summary>A dictionary whose values are a column of integers, where all values are.</summary>
        CodedInteger,

        /// <summary>Only the values that are there.</summary>
        Sparse,
    }

    public override int Count => count;

    public override long MinTime => Times.Nanoseconds.Take(count).DefaultIfEmpty(long.MaxValue).Min();

    public override long MaxTime => Times.Nanoseconds.Take(count).DefaultIfEmpty(long.MinValue).Max();

    public override IReadOnlyList<string> FieldNames => [.. _columns.Keys.Where(name => name is not ("_time" or "_raw"))];

    public override TimestampVector Times { get; } = new(count, times ?? new long[count]);

    public override ColumnVector? Column(string name) => name == "_time" ? Times : _columns.GetValueOrDefault(name);

    /// <summary>As exact as an index can be, so that a filter that asks for the wrong word is found out.</summary>
    public override bool MayContainWord(string field, ReadOnlySpan<byte> word)
    {
        if (!_columns.TryGetValue(field, out var column))
        {
            return false;
        }

        for (var row = 0; row < count; row++)
        {
            var value = column.Value(row);
            var at = 0;
            while (Words.TryNext(value, ref at, out var found))
            {
                if (found.SequenceEqual(word))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public override bool TryGetIntegerBounds(string field, out long min, out long max)
    {
        (min, max) = (long.MaxValue, long.MinValue);
        if (!_columns.TryGetValue(field, out var column) || column is not IntegerVector integers)
        {
            return false;
        }

        for (var row = 0; row < count; row++)
        {
            if (integers.IsPresent(row))
            {
                min = Math.Min(min, integers.Values[row]);
                max = Math.Max(max, integers.Values[row]);
            }
        }

        return min <= max;
    }

    public VectorView With(string name, ColumnVector column)
    {
        _columns.Add(name, column);
        return this;
    }

    /// <summary>The column in that shape, or as text where the values do not fit it. A null is an absent field.</summary>
    public static ColumnVector Vector(IReadOnlyList<byte[]?> values, Shape shape) => shape switch
    {
        Shape.Dictionary => Dictionary(values),
        Shape.Constant when values.Count > 0 && values.All(value => value is not null && value.AsSpan().SequenceEqual(values[0])) =>
            new ConstantVector(values.Count, values[0]!),
        Shape.Integer when values.All(value => value is null || TryInteger(value, out _)) => Integers(values),
        Shape.CodedInteger when values.All(value => value is null || TryInteger(value, out _)) => CodedIntegers(values),
        Shape.Sparse => new SparseVector(
            values.Count, [.. Enumerable.Range(0, values.Count).Where(row => values[row] is not null)], Vector([.. values.Where(value => value is not null)], Shape.Dictionary)),
        Shape.Scattered => Text(values, Enumerable.Range(0, values.Count).Reverse()),
        _ => Text(values, Enumerable.Range(0, values.Count)),
    };

    static TextVector Text(IReadOnlyList<byte[]?> values, IEnumerable<int> order)
    {
        var bytes = new List<byte>();
        var spans = new ByteSpan[values.Count];
        foreach (var row in order)
        {
            bytes.Add((byte)'\n');
            spans[row] = values[row] is { } value ? new(bytes.Count, value.Length) : ByteSpan.Absent;
            bytes.AddRange(values[row] ?? []);
        }

        return new(values.Count, [.. bytes], spans);
    }

    static DictionaryVector Dictionary(IReadOnlyList<byte[]?> values)
    {
        var bytes = new List<byte>();
        var offsets = new List<int> { 0 };
        var known = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var codes = new ushort[values.Count];
        for (var row = 0; row < codes.Length; row++)
        {
            var key = values[row] is { } value ? Convert.ToHexString(value) : "absent";
            if (!known.TryGetValue(key, out var code))
            {
                code = (ushort)known.Count;
                known.Add(key, code);
                bytes.AddRange(values[row] ?? []);
                offsets.Add(bytes.Count);
            }

            codes[row] = code;
        }

        return new(values.Count, new([.. bytes], [.. offsets]), codes, known.TryGetValue("absent", out var absent) ? absent : -1);
    }

    static DictionaryVector CodedIntegers(IReadOnlyList<byte[]?> values)
    {
        var distinct = values.Where(value => value is not null).Select(value => Encoding.ASCII.GetString(value!)).Distinct().ToList();
        var absent = values.Contains(null) ? distinct.Count / 2 : -1;
        var codes = values.Select(value => value is null ? absent : distinct.IndexOf(Encoding.ASCII.GetString(value)))
            .Select((code, row) => (ushort)(values[row] is not null && absent >= 0 && code >= absent ? code + 1 : code)).ToArray();
        return DictionaryVector.Of(values.Count, Integers([.. distinct.Select(Encoding.ASCII.GetBytes)]), codes, absent, null);
    }

    static IntegerVector Integers(IReadOnlyList<byte[]?> values)
    {
        var present = new RowBitmap(values.Count);
        var integers = new long[values.Count];
        for (var row = 0; row < integers.Length; row++)
        {
            if (values[row] is { } value)
            {
                present[row] = true;
                TryInteger(value, out integers[row]);
            }
        }

        return new(values.Count, integers, present.CountSet() == values.Count ? null : present);
    }

    static bool TryInteger(byte[] value, out long integer) =>
        long.TryParse(Encoding.ASCII.GetString(value), out integer)
        && integer.ToString(System.Globalization.CultureInfo.InvariantCulture) == Encoding.Latin1.GetString(value);
}
