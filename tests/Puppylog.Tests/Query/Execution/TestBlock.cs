using System.Globalization;
using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Execution;

/// <summary>
/// Records as a block. Columns are constants, integers or dictionaries where the values allow it and <c>encoded</c> is
/// set, else text, as in a batch. Counts how often it was opened.
/// </summary>
sealed class TestBlock(IReadOnlyList<TestRecord> records, bool encoded = true, bool damaged = false) : RecordBlock
{
    int _opened;

    public int Opened => _opened;

    public override int Count => records.Count;

    public override long MinTime => records.Min(record => record.Time);

    public override long MaxTime => records.Max(record => record.Time);

    public override RecordView Open()
    {
        Interlocked.Increment(ref _opened);
        return damaged ? throw new CorruptDataException("checksum") : new View(this, records, encoded);
    }

    sealed class View(TestBlock block, IReadOnlyList<TestRecord> records, bool encoded) : RecordView
    {
        readonly Dictionary<string, ColumnVector?> _columns = [];

        public override int Count => records.Count;

        public override long MinTime => block.MinTime;

        public override long MaxTime => block.MaxTime;

        public override IReadOnlyList<string> FieldNames { get; } =
            [.. records.SelectMany(record => record.Fields.Keys).Distinct().Where(name => name != Puppylog.Records.FieldNames.Raw).Order(StringComparer.Ordinal)];

        public override TimestampVector Times { get; } = new(records.Count, [.. records.Select(record => record.Time)]);

        public override ColumnVector? Column(string name)
        {
            if (name == Puppylog.Records.FieldNames.Time)
            {
                return Times;
            }

            if (!_columns.TryGetValue(name, out var column))
            {
                _columns.Add(name, column = Make([.. records.Select(record => record.Fields.GetValueOrDefault(name))]));
            }

            return column;
        }

        ColumnVector? Make(string?[] values)
        {
            if (values.All(value => value is null))
            {
                return null;
            }

            if (!encoded)
            {
                return Text(values);
            }

            if (values.All(value => value is not null && value == values[0]))
            {
                return new ConstantVector(values.Length, Encoding.UTF8.GetBytes(values[0]!));
            }

            if (values.All(value => value is null || (long.TryParse(value, out var number) && number.ToString(CultureInfo.InvariantCulture) == value)))
            {
                var present = new RowBitmap(values.Length);
                for (var row = 0; row < values.Length; row++)
                {
                    present[row] = values[row] is not null;
                }

                var numbers = values.Select(value => value is null ? 0 : long.Parse(value, CultureInfo.InvariantCulture)).ToArray();
                return new IntegerVector(values.Length, numbers, values.Contains(null) ? present : null);
            }

            return Dictionary(values);
        }

        static DictionaryVector Dictionary(string?[] values)
        {
            var distinct = values.Distinct().ToList();
            var offsets = new List<int> { 0 };
            var bytes = new List<byte>();
            foreach (var value in distinct)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(value ?? ""));
                offsets.Add(bytes.Count);
            }

            var codes = values.Select(value => (ushort)distinct.IndexOf(value)).ToArray();
            return new(values.Length, new ByteTable([.. bytes], [.. offsets]), codes, distinct.IndexOf(null));
        }

        static TextVector Text(string?[] values)
        {
            var bytes = new List<byte>();
            var spans = new ByteSpan[values.Length];
            for (var row = 0; row < values.Length; row++)
            {
                var value = values[row] is { } text ? Encoding.UTF8.GetBytes(text) : null;
                spans[row] = value is null ? ByteSpan.Absent : new(bytes.Count, value.Length);
                bytes.AddRange(value ?? []);
            }

            return new(values.Length, [.. bytes], spans);
        }
    }
}
