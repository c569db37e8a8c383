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

    /// <summary>Room for those of the longest line that was learned.</summary>
    JsonLeaf[] _values = [];
    int _count;

    public bool IsFull => _edges >= MaxEdges || _bytes >= MaxBytes;

    /// <summary>Those of the line that <see cref="Follow"/> found the end of.</summary>
    public ReadOnlySpan<JsonLeaf> Values => _values.AsSpan(0, _count);

    /// <summary>One of <see cref="Values"/> has escapes.</summary>
    public bool HasEscapes { get; private set; }

    /// <summary>Finds the line's values; the path's end, or null where the line has another form.</summary>
    public JsonEdge? Follow(ReadOnlySpan<byte> text)
    {
        var values = _values;
        var at = 0;
        var count = 0;
        var edge = _root;
        HasEscapes = false;
        while (true)
        {
            var edges = edge.Next;
            var i = 0;
            JsonEdge? next = null;
            for (; i < edges.Length; i++)
            {
                next = edges[i];
                if (!next.IsAt(text, at))
                {
                    continue;
                }

                var start = at + next.Length;
                if (next.IsText)
                {
                    if (JsonText.TryFindEnd(text, start, out var end, out var isEscaped))
                    {
                        values[count++] = new(start, end, ValueKind.Text, isEscaped);
                        HasEscapes |= isEscaped;
                        at = end;
                        break;
                    }
                }
                else if (next.Path is null)
                {
                    if (start == text.Length)
                    {
                        _count = count;
                        edge.Take(i);
                        return next;
                    }
                }
                else if (TryReadOther(next, text, start, out var end, out var kind))
                {
                    values[count++] = new(start, end, kind, IsEscaped: false);
                    at = end;
                    break;
                }
            }

            if (i == edges.Length)
            {
                return null;
            }

            edge.Take(i);
            edge = next!;
        }
    }

    bool TryReadOther(JsonEdge edge, ReadOnlySpan<byte> text, int start, out int end, out ValueKind kind)
    {
        end = start;
        if (isLogfmt)
        {
            kind = ValueKind.Text;
            if (!LogfmtText.TryFindEnd(text, start, out end))
            {
                return false;
            }

            kind = LogfmtText.KindOf(text[start..end]);
            return true;
        }

        kind = ValueKind.Number;
        if (JsonText.NumberLength(text, start) is > 0 and var length)
        {
            end += length;
            return true;
        }

        return TryReadJson(edge, text, ref end, out kind);
    }

    /// <summary>Any JSON but a string, a null and an object with members, which have other edges.</summary>
    static bool TryReadJson(JsonEdge edge, ReadOnlySpan<byte> text, ref int at, out ValueKind kind)
    {
        kind = ValueKind.Json;
        return at < text.Length && text[at] is not ((byte)'"' or (byte)'n')
            && (text[at] != '{' || (JsonText.SkipWhite(text, at + 1) is var inner && inner < text.Length && text[inner] == '}'))
            && JsonTokens.Skip(text, ref at, edge.Depth, out kind, out _) is null;
    }

    /// <summary>Takes up the form of a line whose values were read; its path's end, or null where there is no room.</summary>
    public JsonEdge? Learn(ReadOnlySpan<byte> text, JsonLeaves leaves)
    {
        if (_values.Length < leaves.Fields.Length)
        {
            _values = new JsonLeaf[leaves.Fields.Length];
        }

        var steps = new JsonEdge[leaves.Fields.Length];
        var edge = _root;
        var at = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            ref readonly var field = ref leaves.Fields[i];
            var next = Find(edge, text[at..field.Start], field.Path, IsQuoted(text, field), field.Depth);
            if (next is null)
            {
                return null;
            }

            steps[i] = edge = next;
            at = field.End;
        }

        var end = Find(edge, text[at..], null, false, 0);
        if (end is { Steps.Length: 0 })
        {
            end.Steps = steps;
            _bytes += steps.Length * IntPtr.Size;
        }

        return end;
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
