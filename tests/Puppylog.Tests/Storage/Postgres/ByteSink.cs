using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>Lines, messages and times as they are.</summary>
sealed class ByteSink : IResultSink
{
    public List<byte[]> Lines { get; } = [];

    public List<byte[]> Messages { get; } = [];

    public List<long> Times { get; } = [];

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            Lines.Add(view.Column(FieldNames.Raw)!.Value(row).ToArray());
            Messages.Add(view.Column(FieldNames.Message)!.Value(row).ToArray());
            Times.Add(view.Times.Nanoseconds[row]);
        }

        return true;
    }
}
