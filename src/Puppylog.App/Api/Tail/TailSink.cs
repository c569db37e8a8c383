using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.App.Api.Tail;

/// <summary>The rows of one commit on their way to a client: those that it has already are passed over, all are counted.</summary>
/// <param name="output">Where they go; null to count them only.</param>
/// <param name="commit">The commit.</param>
/// <param name="known">Rows that the client has already.</param>
sealed class TailSink(ITailOutput? output, long commit, long known) : IResultSink
{
    public bool ReadsRaw => output?.ReadsRaw ?? false;

    /// <summary>Rows so far, those included that the client had.</summary>
    public long Rows { get; private set; }

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            Rows++;
            if (Rows > known)
            {
                output?.Row(view, row, new(commit, Rows));
            }
        }

        return true;
    }
}
