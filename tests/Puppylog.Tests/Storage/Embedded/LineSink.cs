using System.Text;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>The original lines of a query's result.</summary>
sealed class LineSink : IResultSink
{
    public List<string> Lines { get; } = [];

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        var column = view.Column(FieldNames.Raw)!;
        foreach (var row in rows)
        {
            Lines.Add(Encoding.UTF8.GetString(column.Value(row)));
        }

        return true;
    }

    /// <summary>What a query for everything finds: by time, those of one time in the order of commits.</summary>
    public static async Task<List<string>> ReadAsync(ILogStore store, Action<CorruptDataException>? onDamage = null)
    {
        var sink = new LineSink();
        var query = QueryParser.Parse("*", 0) with { Options = new QueryOptions { OnDamage = (_, damage) => onDamage?.Invoke(damage) } };
        await store.QueryAsync(query, sink, TestContext.Current.CancellationToken);
        return sink.Lines;
    }
}
