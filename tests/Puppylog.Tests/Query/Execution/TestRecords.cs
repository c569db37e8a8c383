using System.Globalization;
using System.Text;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Execution;

/// <summary>Records written by hand, as blocks whose columns are of the kinds that a store hands out.</summary>
static class TestRecords
{
    public const long Start = 1_800_000_000L * Timestamps.Second;

    /// <summary>A record: seconds after <see cref="Start"/>, then <c>name=value</c> pairs.</summary>
    public static TestRecord Record(double seconds, string fields) => new(
        Start + (long)(seconds * Timestamps.Second),
        fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));

    public static IReadOnlyList<string> Run(string query, IReadOnlyList<RecordBlock> blocks, int workers = 2, long maxMemory = QueryOptions.DefaultMaxMemory)
    {
        var sink = new ListSink();
        var parsed = QueryParser.Parse(query, Start) with { Options = new QueryOptions { Workers = workers, MaxMemory = maxMemory } };
        QueryExecutor.RunAsync(parsed, blocks, sink, CancellationToken.None).GetAwaiter().GetResult();
        return sink.Rows;
    }

    /// <summary>A record as <c>a=1 b=2</c>, times as seconds after the start, empty fields left out.</summary>
    public static string Print(RecordView view, int row)
    {
        var text = new StringBuilder();
        foreach (var name in ShapedView.OutputFieldsOf(view))
        {
            if (view.Column(name) is { } column && !column.Value(row).IsEmpty)
            {
                var value = column is TimestampVector times
                    ? ((times.Nanoseconds[row] - Start) / (double)Timestamps.Second).ToString(CultureInfo.InvariantCulture)
                    : Encoding.UTF8.GetString(column.Value(row));
                text.Append(text.Length > 0 ? " " : "").Append(name).Append('=').Append(value);
            }
        }

        return text.ToString();
    }

    public sealed class ListSink(int stopAfter = int.MaxValue) : IResultSink
    {
        public List<string> Rows { get; } = [];

        public bool Write(RecordView view, ReadOnlySpan<int> rows)
        {
            foreach (var row in rows)
            {
                Rows.Add(Print(view, row));
            }

            return Rows.Count < stopAfter;
        }
    }
}
