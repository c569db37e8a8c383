using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Parsing.Logfmt;

/// <summary>Reads the pairs of a text; words that are no pair are passed over.</summary>
/// <param name="naming">Which names have a role.</param>
sealed class LogfmtReader(JsonNaming naming) : ILeafReader
{
    readonly JsonPaths _paths = new(naming);
    readonly JsonPath _beforeFirst = new([], "", JsonRole.None, 0);

    public int Names => _paths.Count;

    /// <summary>The text that was read last has two pairs at least, and nothing but pairs.</summary>
    public bool IsSure { get; private set; }

    public string? Read(ReadOnlySpan<byte> text, JsonLeaves leaves)
    {
        var last = _beforeFirst;
        int pairs = 0, words = 0;
        for (var at = JsonText.SkipWhite(text, 0); at < text.Length; at = JsonText.SkipWhite(text, at))
        {
            var key = text.Slice(at, LogfmtText.KeyLength(text[at..]));
            if (key.IsEmpty)
            {
                return "expected a key and = between the pairs";
            }

            at += key.Length;
            if (at == text.Length || text[at] != '=')
            {
                if (at < text.Length && text[at] == '"')
                {
                    return "expected = after a key";
                }

                // What is no pair cannot be told from other words by what stands around it.
                words++;
                leaves.Skip();
                continue;
            }

            at++;
            pairs++;
            var path = Path(ref last, key);
            if (at < text.Length && text[at] == '"')
            {
                if (!JsonText.TryFindEnd(text, at + 1, out var end, out var isEscaped))
                {
                    return "a quoted value is not closed or holds a wrong escape";
                }

                leaves.Add(path, at + 1, end, 1, ValueKind.Text, isEscaped);
                at = end + 1;
                if (at < text.Length && text[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                {
                    return "expected a space after a quoted value";
                }

                continue;
            }

            if (!LogfmtText.TryFindEnd(text, at, out var stop))
            {
                return "a quote stands in a value that is not quoted";
            }

            leaves.Add(path, at, stop, 1, LogfmtText.KindOf(text[at..stop]), isEscaped: false);
            at = stop;
        }

        IsSure = pairs > 1 && words == 0;
        return pairs == 0 ? "expected pairs like level=info" : null;
    }

    JsonPath Path(ref JsonPath last, ReadOnlySpan<byte> key)
    {
        var path = last.Next;
        if (path is null || !path.Bytes.AsSpan().SequenceEqual(key))
        {
            path = last.Next = _paths.Find(key, isTop: true);
        }

        return last = path;
    }
}
