using System.Text;
using Puppylog.Parsing.Json;
using Puppylog.Processing;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>
/// A bulk request as Elasticsearch and OpenSearch take it: a line that says what to do, then the document, which is the
/// record's line. Logs are only ever added: <c>update</c> and <c>delete</c> are refused one by one.
/// </summary>
sealed class BulkLines(JsonLines documents)
{
    static readonly string[] Actions = ["create", "index", "update", "delete"];

    readonly List<BulkItem> _items = [];

    /// <summary>One per action, in their order.</summary>
    public IReadOnlyList<BulkItem> Items => _items;

    public bool HasErrors { get; private set; }

    /// <exception cref="IntakeException">A line that should say what to do does not: nothing behind it can be told.</exception>
    public void Read(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var line = JsonLines.NextLine(ref body);
            if (JsonText.SkipWhite(line, 0) == line.Length)
            {
                continue;
            }

            var action = ActionOf(line) ?? throw new IntakeException(
                $"action {_items.Count}: expected a line like {{\"create\":{{}}}} before each document; nothing of the body is stored");
            var reason = action switch
            {
                "delete" => "logs are not deleted one by one",
                "update" => "logs are not changed",
                _ => null,
            };
            if (action != "delete")
            {
                if (body.IsEmpty)
                {
                    throw new IntakeException($"action {_items.Count}: expected a document behind the last action; nothing of the body is stored");
                }

                var document = JsonLines.NextLine(ref body);
                reason ??= documents.Take(document);
            }

            HasErrors |= reason is not null;
            _items.Add(new(action, reason));
            if (_items.Count > IntakeBatches.MaxRecords)
            {
                throw new IntakeException($"more than {IntakeBatches.MaxRecords} actions at a time: send them in several requests") { IsTooMuch = true };
            }
        }
    }

    /// <summary>Says of the documents that processors dropped that they are not stored, by wish.</summary>
    public void MarkDropped(IReadOnlyList<ProcessedBatch> processed)
    {
        var at = 0;
        foreach (var done in processed)
        {
            for (var row = 0; row < done.Before; row++, at++)
            {
                while (_items[at].Reason is not null)
                {
                    at++;
                }

                if (done.Reason(row) != DropReason.None)
                {
                    _items[at] = _items[at] with { IsDropped = true };
                }
            }
        }
    }

    /// <summary>The one name at the top of the object.</summary>
    static string? ActionOf(ReadOnlySpan<byte> line)
    {
        var at = JsonText.SkipWhite(line, 0);
        var whole = at;
        if (line[at] != '{' || JsonTokens.Skip(line, ref whole, 0, out var kind, out _) is not null || kind != ValueKind.Json || JsonText.SkipWhite(line, whole) != line.Length)
        {
            return null;
        }

        at = JsonText.SkipWhite(line, at + 1);
        if (line[at] != '"')
        {
            return null;
        }

        JsonText.TryFindEnd(line, at + 1, out var end, out _);
        foreach (var action in Actions)
        {
            if (Ascii.Equals(line[(at + 1)..end], action))
            {
                return action;
            }
        }

        return null;
    }
}
