using System.Text;
using Puppylog.Records;

namespace Puppylog.Tests.Processing;

/// <summary>A record as a test writes it. The message is <c>_msg</c>, the time <c>_time</c> in seconds.</summary>
sealed class Row : Dictionary<string, string>
{
    public Row()
        : base(StringComparer.Ordinal)
    {
    }

    public Row(Row other)
        : base(other, StringComparer.Ordinal)
    {
    }

    public override string ToString() => string.Join(' ', this.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary><c>a=1 b=x _msg=hi</c>.</summary>
    public static Row Parse(string text)
    {
        var row = new Row();
        foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            row[pair[..equals]] = pair[(equals + 1)..];
        }

        return row;
    }

    /// <param name="overflow">The fields whose values get no column.</param>
    public static RecordBatch Batch(IEnumerable<Row> rows, RecordShape shape, Func<string, int, bool> overflow)
    {
        var batch = new RecordBatch(shape);
        foreach (var row in rows)
        {
            var line = Append(batch, row.ToString());
            var time = long.Parse(row.GetValueOrDefault("_time", "0"), System.Globalization.CultureInfo.InvariantCulture) * Timestamps.Second;
            var at = batch.Add(time, line, row.TryGetValue("_msg", out var message) ? Append(batch, message) : line, 0);
            foreach (var (name, value) in row)
            {
                if (name is "_msg" or "_time")
                {
                    continue;
                }

                if (overflow(name, at))
                {
                    batch.AddOverflow(at, Append(batch, name), Append(batch, value), ValueKind.Text);
                }
                else
                {
                    batch.Column(name).Set(at, Append(batch, value));
                }
            }
        }

        return batch;
    }

    /// <summary>What a query sees of the batch.</summary>
    public static List<Row> Read(RecordView view)
    {
        var rows = new List<Row>();
        for (var at = 0; at < view.Count; at++)
        {
            var row = new Row { ["_time"] = $"{view.Times.Nanoseconds[at] / Timestamps.Second}" };
            foreach (var name in view.FieldNames.Append("_raw"))
            {
                if (view.Column(name) is { } column && column.IsPresent(at))
                {
                    row[name] = Encoding.UTF8.GetString(column.Value(at));
                }
            }

            rows.Add(row);
        }

        return rows;
    }

    static ByteSpan Append(RecordBatch batch, string text) => batch.Append(Encoding.UTF8.GetBytes(text));
}
