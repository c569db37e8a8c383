using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>JSON objects, one a line (jsonline, ndjson), or all in one array. The object's text is the record's line.</summary>
sealed class JsonLines(IntakeBatches batches, JsonLineParser parser)
{
    RecordBatch? _bound;
    long _index;

    public void Read(ReadOnlySpan<byte> body)
    {
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var start = JsonText.SkipWhite(body, 0);
        if (start < body.Length && body[start] == '[')
        {
            ReadArray(body, start + 1);
            return;
        }

        while (!body.IsEmpty)
        {
            var line = NextLine(ref body);
            if (JsonText.SkipWhite(line, 0) < line.Length && Take(line) is { } reason)
            {
                batches.Rejections.Add(_index - 1, reason);
            }
        }
    }

    /// <summary>Takes a line off the body, without its newline.</summary>
    public static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> body)
    {
        var newline = body.IndexOf((byte)'\n');
        var line = newline < 0 ? body : body[..newline];
        body = newline < 0 ? default : body[(newline + 1)..];
        return line;
    }

    /// <summary>Adds an object's record; the reason where it is none.</summary>
    public string? Take(ReadOnlySpan<byte> text)
    {
        _index++;
        var batch = batches.For(parser.Shape);
        if (!ReferenceEquals(batch, _bound))
        {
            parser.Bind(_bound = batch);
            parser.ReadTime = batches.Now;
        }

        var line = batches.Redactor is { } redactor ? redactor.Text(text) : text;
        return parser.TryParse(batch.Append(line), out var reason) ? null : reason ?? "no match";
    }

    void ReadArray(ReadOnlySpan<byte> text, int at)
    {
        at = JsonText.SkipWhite(text, at);
        if (at < text.Length && text[at] == ']')
        {
            at++;
        }
        else
        {
            while (true)
            {
                var start = at;
                if (JsonTokens.Skip(text, ref at, 0, out _, out _) is { } wrong)
                {
                    throw new IntakeException($"entry {_index} of the array: {wrong}; nothing of the body is stored");
                }

                if (Take(text[start..at]) is { } reason)
                {
                    batches.Rejections.Add(_index - 1, reason);
                }

                at = JsonText.SkipWhite(text, at);
                if (at == text.Length || text[at] is not ((byte)',' or (byte)']'))
                {
                    throw new IntakeException($"expected a comma or ] behind entry {_index - 1} of the array; nothing of the body is stored");
                }

                if (text[at++] == ']')
                {
                    break;
                }

                at = JsonText.SkipWhite(text, at);
            }
        }

        if (JsonText.SkipWhite(text, at) != text.Length)
        {
            throw new IntakeException("expected nothing behind the array; nothing of the body is stored");
        }
    }
}
