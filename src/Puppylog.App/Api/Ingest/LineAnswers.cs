using Microsoft.AspNetCore.Http;
using Puppylog.App.Cli.Search;
using Puppylog.Intake;
using Puppylog.Parsing;
using Puppylog.Parsing.Json;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Api.Ingest;

/// <summary><c>/insert/jsonline</c> and <c>/insert/raw</c>: how many records are stored, and which entries are not and why.</summary>
static class LineAnswers
{
    public static async Task TakeJsonAsync(IngestCall call)
    {
        new JsonLines(call.Batches, new JsonLineParser { Naming = call.Options.Naming }).Read(call.Body);
        await AnswerAsync(call, await call.StoreAsync());
    }

    /// <summary>Lines of any format, as files are read: joined to records, the format told from the first where none is named.</summary>
    public static async Task TakeRawAsync(IngestCall call)
    {
        var format = IngestArguments.Text(call.Context.Request, "format", "Puppylog-Format") ?? CollectOptions.AutomaticFormat;
        if (format != CollectOptions.AutomaticFormat && LineParsers.Check(format) is { } wrong)
        {
            throw new IngestException(StatusCodes.Status400BadRequest, $"format: {wrong} Or 'auto'.");
        }

        ReadRaw(call, format);
        await AnswerAsync(call, await call.StoreAsync());
    }

    public static Task RefuseAsync(HttpContext context, int status, string message) => Answers.RefuseAsync(context, status, new(message));

    /// <summary>Of a body of which nothing could be taken, the status says that something is wrong with it.</summary>
    public static async Task AnswerAsync(IngestCall call, CommitReceipt receipt)
    {
        var status = call.Batches.Rejections.Count > 0 && call.Stored + call.Dropped == 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        await Answers.SendAsync(call.Context, status, Reply(call, receipt, status), ApiJson.Default.IngestReply);
    }

    public static IngestReply Reply(IngestCall call, CommitReceipt receipt, int status)
    {
        var rejected = call.Batches.Rejections;
        return new(
            call.Stored,
            call.Dropped > 0 ? call.Dropped : null,
            rejected.Count > 0 ? rejected.Count : null,
            rejected.Count > 0 ? rejected.First : null,
            receipt.AlreadyStored ? true : null,
            status == StatusCodes.Status200OK ? null : $"entry {rejected.First[0].Index}: {rejected.First[0].Reason}");
    }

    static void ReadRaw(IngestCall call, string format)
    {
        using var bytes = new MemoryStream(call.Body.ToArray(), writable: false);
        using var lines = new LineBatches(bytes, path: null, new LineFormat(format, JoinRule.Auto), call.Batches.Now)
        {
            Redactor = call.Batches.Redactor,
            OnInvalid = (line, reason) => call.Batches.Rejections.Add(line - 1, reason),
        };
        while (true)
        {
            RecordBatch? batch = null;
            if (!lines.Read(ref batch))
            {
                return;
            }

            call.Batches.Add(batch!);
        }
    }
}
