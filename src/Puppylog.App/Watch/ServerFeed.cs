using System.Buffers;
using System.IO.Pipelines;
using Puppylog.App.Cli;
using Puppylog.Forwarding;
using Puppylog.Records;

namespace Puppylog.App.Watch;

/// <summary>What a server commits. It may go and come back; what it commits meanwhile is not seen.</summary>
sealed class ServerFeed(DashboardLink link, Action<string> notice, TimeProvider clock) : ITrafficFeed
{
    string? _said;

    /// <summary>Nothing came for so long, not even a heartbeat.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>No record has more bytes.</summary>
    const int MaxLine = 64 << 20;

    public async Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken)
    {
        var pauses = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        var isFirst = true;
        while (true)
        {
            try
            {
                using var response = await link.OpenAsync("tail", cancellationToken);
                if (_said is not null)
                {
                    notice("the server is there again");
                    _said = null;
                }

                isFirst = false;
                await ReadAsync(response, sink, () => pauses = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15)), cancellationToken);
                Say("the server has ended; waiting for it");
            }
            catch (RefusedException refusal) when (isFirst)
            {
                throw new UsageException(refusal.Message);
            }
            catch (Exception fault) when (fault is IOException or FormatException or HttpRequestException && !cancellationToken.IsCancellationRequested)
            {
                isFirst = false;
                Say($"{fault.Message}; trying again");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Say("the server is silent; trying again");
            }

            await Task.Delay(pauses.Next(), clock, cancellationToken);
        }
    }

    /// <summary>Once, however often it is tried.</summary>
    void Say(string sentence)
    {
        if (sentence != _said)
        {
            _said = sentence;
            notice(sentence);
        }
    }

    static async Task ReadAsync(HttpResponseMessage response, ITrafficSink sink, Action heard, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        var lines = new RecordLines();
        while (true)
        {
            silence.CancelAfter(Silence);
            var result = await body.ReadAsync(silence.Token);
            var rest = Take(result.Buffer, lines, sink);
            HandOn(lines, sink);
            heard();
            if (result.IsCompleted)
            {
                return;
            }

            if (rest.Length > MaxLine)
            {
                throw new FormatException("the server sends a line without an end");
            }

            body.AdvanceTo(rest.Start, rest.End);
        }
    }

    /// <summary>Takes the whole lines; gives back what is left.</summary>
    static ReadOnlySequence<byte> Take(ReadOnlySequence<byte> buffer, RecordLines lines, ITrafficSink sink)
    {
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            if (lines.Add(line.IsSingleSegment ? line.FirstSpan : line.ToArray()) is { } commit)
            {
                HandOn(lines, sink);
                if (commit > 0)
                {
                    sink.Commit(commit);
                }
            }
            else if (lines.Batch.IsFull)
            {
                HandOn(lines, sink);
            }

            buffer = buffer.Slice(buffer.GetPosition(1, end));
        }

        return buffer;
    }

    static void HandOn(RecordLines lines, ITrafficSink sink)
    {
        if (lines.Batch.Count > 0)
        {
            sink.Take(new BatchView(lines.Batch), 0);
            lines.Batch.Reset(lines.Batch.Shape);
        }
    }
}
