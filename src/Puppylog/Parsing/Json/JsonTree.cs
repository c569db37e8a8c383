using Puppylog.Parsing.Logfmt;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// The forms of the lines that were read so far, as a tree of what stands between their values. A line that follows a path
/// of it is read by comparing those bytes, without looking at keys, and is known to be valid: an earlier line with the same
/// bytes at the same places was. The path is also the line's template.
/// </summary>
/// <param name="isLogfmt">Values that are not quoted are words up to a space, not JSON.</param>
sealed class JsonTree(bool isLogfmt = false)
{
    /// <summary>More are not learned; the owner starts anew with the next batch.</summary>
    const int MaxEdges = 16_384;

    const int MaxBytes = 4 << 20;

    readonly JsonEdge _root = new([], null, false, 0);
    int _edges;
    int _bytes;

    public bool IsFull => _edges >= MaxEdges || _bytes >= MaxBytes;

    /// <summary>Reads the line's values; the path's end, or null where the line has another form.</summary>
    public JsonEdge? Follow(ReadOnlySpan<byte> text, JsonLeaves leaves)
    {
        var at = 0;
        var edge = _root;
        while (Step(edge, text, ref at, leaves) is { } next)
        {
            if (next.Path is null)
            {
                return next;
            }

            edge = next;
        }

        return null;
    }

    JsonEdge? Step(JsonEdge from, ReadOnlySpan<byte> text, ref int at, JsonLeaves leaves)
    {
        var edges = from.Next;
        for (var i = 0; i < edges.Length; i++)
        {
            var edge = edges[i];
            if (!edge.IsAt(text, at))
            {
                continue;
            }

            var end = at + edge.Literal.Length;
            if (edge.Path is null ? end != text.Length : !TryRead(edge, text, ref end, leaves))
            {
                continue;
            }

            if (i > 0)
            {
                from.Prefer(i);
            }

            at = end;
            return edge;
        }

        return null;
    }

    bool TryRead(JsonEdge edge, ReadOnlySpan<byte> text, ref int at, JsonLeaves leaves)
    {
        var start = at;
        if (edge.IsText)
        {
            if (!JsonText.TryFindEnd(text, at, out at, out var isEscaped))
            {
                return false;
            }

            leaves.Add(edge.Path!, start, at, edge.Depth, ValueKind.Text, isEscaped);
            return true;
        }

        if (isLogfmt)
        {
            if (!LogfmtText.TryFindEnd(text, at, out at))
            {
                return false;
            }

            leaves.Add(edge.Path!, start, at, edge.Depth, LogfmtText.KindOf(text[start..at]), isEscaped: false);
            return true;
        }

        // A string, a null and an object with members have other edges.
        if (at == text.Length || text[at] is (byte)'"' or (byte)'n'
            || (text[at] == '{' && JsonText.SkipWhite(text, at + 1) is var inner && (inner == text.Length || text[inner] != '}'))
            || JsonTokens.Skip(text, ref at, edge.Depth, out var kind, out _) is not null)
        {
            return false;
        }

        leaves.Add(edge.Path!, start, at, edge.Depth, kind, isEscaped: false);
        return true;
    }

    /// <summary>Takes up the form of a line whose values were read; its path's end, or null where there is no room.</summary>
    public JsonEdge? Learn(ReadOnlySpan<byte> text, JsonLeaves leaves)
    {
        var edge = _root;
        var at = 0;
        foreach (ref readonly var field in leaves.Fields)
        {
            var next = Find(edge, text[at..field.Start], field.Path, IsQuoted(text, field), field.Depth);
            if (next is null)
            {
                return null;
            }

            edge = next;
            at = field.End;
        }

        return Find(edge, text[at..], null, false, 0);
    }

    static bool IsQuoted(ReadOnlySpan<byte> text, in JsonField field) => field.Start > 0 && text[field.Start - 1] == '"';

    JsonEdge? Find(JsonEdge from, ReadOnlySpan<byte> literal, JsonPath? path, bool isText, int depth)
    {
        foreach (var known in from.Next)
        {
            if (known.Path == path && known.IsText == isText && literal.SequenceEqual(known.Literal))
            {
                return known;
            }
        }

        if (IsFull || !from.HasRoom)
        {
            return null;
        }

        var edge = new JsonEdge(literal.ToArray(), path, isText, depth);
        from.Add(edge);
        _edges++;
        _bytes += literal.Length;
        return edge;
    }
}
