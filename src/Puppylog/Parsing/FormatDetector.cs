using Puppylog.Parsing.Access;
using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>Tells a source's format from its first bytes, for <c>--format auto</c>.</summary>
static class FormatDetector
{
    const int MaxLines = 50;

    /// <summary>
    /// The format that most of the first lines parse as, where at least half of them do; otherwise <c>text</c>, which
    /// accepts everything. Empty lines do not count, nor does a last line that may be cut off, unless it is the only one.
    /// </summary>
    public static string Detect(ReadOnlySpan<byte> sample)
    {
        var batch = new RecordBatch(RecordShape.Plain);
        var access = new AccessLogParser(AccessLogShape.Combined);
        var json = new JsonLineParser();
        var api = new ApiRequestParser();
        access.Bind(batch);
        json.Bind(batch);
        api.Bind(batch);
        int lines = 0, combined = 0, common = 0, objects = 0, requests = 0;
        while (lines < MaxLines && !sample.IsEmpty)
        {
            var newline = sample.IndexOf((byte)'\n');
            if (newline < 0 && lines > 0)
            {
                break;
            }

            var line = newline < 0 ? sample : sample[..newline];
            sample = newline < 0 ? default : sample[(newline + 1)..];
            if (line.TrimEnd((byte)'\r').IsEmpty)
            {
                continue;
            }

            lines++;
            var span = batch.Append(line);
            if (access.TryParse(span, out _))
            {
                _ = access.LastIsCombined ? combined++ : common++;
            }
            else if (json.TryParse(span, out _))
            {
                objects++;
            }
            else if (api.TryParse(span, out _))
            {
                requests++;
            }
        }

        // Access logs of both kinds are one format to the parser: the more frequent one names it.
        var accessLines = combined + common;
        var most = Math.Max(accessLines, Math.Max(objects, requests));
        if (most == 0 || most * 2 < lines)
        {
            return "text";
        }

        return most == accessLines ? (combined >= common ? "combined" : "clf") : most == objects ? "json" : "api_requests";
    }
}
