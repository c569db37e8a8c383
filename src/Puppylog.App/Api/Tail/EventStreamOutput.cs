using System.Text;
using Puppylog.App.Cli.Search;
using Puppylog.Records;

namespace Puppylog.App.Api.Tail;

/// <summary>Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): <c>record</c>, <c>skipped</c>, <c>reset</c>, each with the cursor as its id.</summary>
sealed class EventStreamOutput(OutputBuffer output) : ITailOutput
{
    readonly JsonResultWriter _json = new(output);

    public void Row(RecordView view, int row, TailCursor cursor)
    {
        Begin("record", cursor);
        _json.Write(view, [row]);
        output.Write("\n"u8);
    }

    public void Skipped(long records, TailCursor cursor)
    {
        Begin("skipped", cursor);
        output.Write(Encoding.ASCII.GetBytes($"{{\"skipped\":{records}}}\n\n"));
    }

    public void Reset(TailCursor cursor)
    {
        Begin("reset", cursor);
        output.Write("{}\n\n"u8);
    }

    public bool Flush() => output.Flush();

    public bool Beat()
    {
        output.Write(":\n\n"u8);
        return output.Flush();
    }

    void Begin(string kind, TailCursor cursor) => output.Write(Encoding.ASCII.GetBytes($"id: {cursor}\nevent: {kind}\ndata: "));
}
