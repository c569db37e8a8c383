using Puppylog.App.Cli.Search;
using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary>Sends what was found after a moment, also where it does not fill the buffer yet.</summary>
sealed class PromptSink(ResultWriter writer, OutputBuffer output, TimeProvider clock) : IResultSink
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    // The first rows go at once.
    long? _sent;

    public bool ReadsRaw => writer.ReadsRaw;

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        var goesOn = writer.Write(view, rows);
        if (goesOn && (_sent is not { } sent || clock.GetElapsedTime(sent) >= Moment))
        {
            _sent = clock.GetTimestamp();
            return output.Flush();
        }

        return goesOn;
    }
}
