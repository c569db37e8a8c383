using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.App.Cli.Streams;

/// <summary>Keeps the rows of a small result as texts.</summary>
sealed class StreamRows(params string[] columns) : IResultSink
{
    public List<string[]> Rows { get; } = [];

    public bool ReadsRaw => false;

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        var vectors = Array.ConvertAll(columns, view.Column);
        foreach (var row in rows)
        {
            Rows.Add(Array.ConvertAll(vectors, vector => vector is null ? "" : Encoding.UTF8.GetString(vector.Value(row))));
        }

        return true;
    }
}
