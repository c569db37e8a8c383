using Puppylog.App.Api.Tail;
using Puppylog.App.Cli.Search;
using Puppylog.Records;

namespace Puppylog.App.Api.Logs;

/// <summary>A JSON string a line, as records come; empty lines say that the connection lives.</summary>
sealed class FollowedLines(OutputBuffer output) : ITailOutput
{
    readonly JsonLinesWriter _lines = new(output, isArray: false);

    public bool ReadsRaw => true;

    public void Row(RecordView view, int row, TailCursor cursor) => _lines.Write(view, [row]);

    public void Skipped(long records, TailCursor cursor)
    {
    }

    public void Reset(TailCursor cursor)
    {
    }

    public bool Flush() => output.Flush();

    public bool Beat()
    {
        output.Write((byte)'\n');
        return Flush();
    }
}
