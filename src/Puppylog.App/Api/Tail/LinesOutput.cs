using Puppylog.App.Cli.Search;
using Puppylog.Records;

namespace Puppylog.App.Api.Tail;

/// <summary>A line of JSON per record, as VictoriaLogs' <c>tail</c>; what was left out cannot be said here.</summary>
sealed class LinesOutput(OutputBuffer output) : ITailOutput
{
    readonly JsonResultWriter _json = new(output);

    public void Row(RecordView view, int row, TailCursor cursor) => _json.Write(view, [row]);

    public void Skipped(long records, TailCursor cursor)
    {
    }

    public void Reset(TailCursor cursor)
    {
    }

    public bool Flush() => output.Flush();

    /// <summary>Nothing can be said that is no record; that a client has gone is noticed all the same.</summary>
    public bool Beat() => Flush();
}
