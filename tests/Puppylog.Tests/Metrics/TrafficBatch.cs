using System.Globalization;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Tests.Metrics;

/// <summary>Batches of requests made by hand.</summary>
static class TrafficBatch
{
    public static RecordShape Shape { get; } = new(
        "combined", [], [new(FieldNames.Path, FieldNames.Route, DerivedFunction.Path), new(FieldNames.Section, FieldNames.Route, DerivedFunction.Section)]);

    public static RecordView Of(params Hit[] hits) => new BatchView(BatchOf(hits));

    public static RecordBatch BatchOf(params ReadOnlySpan<Hit> hits)
    {
        var batch = new RecordBatch(Shape);
        foreach (var hit in hits)
        {
            var line = batch.Append("line"u8);
            var row = batch.Add(hit.Second * Timestamps.Second, line, line, 0);
            Set(batch, row, FieldNames.Route, hit.Route);
            Set(batch, row, FieldNames.Host, hit.Host);
            Set(batch, row, FieldNames.Status, hit.Status);
            Set(batch, row, FieldNames.Bytes, hit.Bytes);
            Set(batch, row, FieldNames.Duration, hit.Duration);
        }

        return batch;
    }

    /// <summary>Requests of one second.</summary>
    public static RecordView Many(long second, int count) => Of([.. Enumerable.Repeat(new Hit("/a/b", Second: second), count)]);

    static void Set(RecordBatch batch, int row, string name, string? value)
    {
        if (value is not null)
        {
            batch.Column(name).Set(row, batch.Append(Encoding.UTF8.GetBytes(value)));
        }
    }

    public sealed record Hit(string? Route, string? Host = "10.0.0.1", string? Status = "200", string? Bytes = "100", string? Duration = null, long Second = 0)
    {
        public static Hit Numbered(int number) => new($"/s{number.ToString(CultureInfo.InvariantCulture)}/x");
    }
}
