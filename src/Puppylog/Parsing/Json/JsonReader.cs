using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Reads one JSON object: nested ones are flattened with dots, arrays and empty objects stay text, a null is no field.</summary>
/// <param name="naming">Which names have a role.</param>
sealed class JsonReader(JsonNaming naming) : ILeafReader
{
    /// <summary>Values whose flattened names are longer are passed over.</summary>
    const int MaxNameBytes = 1024;

    readonly byte[] _path = new byte[MaxNameBytes];
    readonly JsonPaths _paths = new(naming);
    readonly JsonPath _beforeFirst = new([], "", JsonRole.None, 0);
    JsonPath _last = new([], "", JsonRole.None, 0);

    public int Names => _paths.Count;

    /// <summary>Values of the text that was read last which were passed over.</summary>
    public int Skipped { get; private set; }

    public string? Read(ReadOnlySpan<byte> text, JsonLeaves leaves)
    {
        _last = _beforeFirst;
        Skipped = 0;
        var at = JsonText.SkipWhite(text, text.StartsWith("\uFEFF"u8) ? 3 : 0);
        if (at == text.Length || text[at] != '{')
        {
            return "expected a JSON object, which begins with {";
        }

        return ReadObject(text, leaves, ref at, 0, 1)
            ?? (JsonText.SkipWhite(text, at) != text.Length ? "expected the end of the line after the JSON object" : null);
    }

    /// <summary>Reads the object that begins at <paramref name="at"/>. The reason where it is none, else null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="leaves">Takes its values.</param>
    /// <param name="at">The opening brace; afterwards behind the closing one.</param>
    /// <param name="nameLength">The length of the object's own flattened name in <see cref="_path"/>.</param>
    /// <param name="depth">1 for the text's own object.</param>
    string? ReadObject(ReadOnlySpan<byte> text, JsonLeaves leaves, ref int at, int nameLength, int depth)
    {
        if (depth > JsonTokens.MaxDepth)
        {
            return "the JSON is nested deeper than 64 levels";
        }

        var start = at;
        at = JsonText.SkipWhite(text, at + 1);
        if (at < text.Length && text[at] == '}')
        {
            at++;
            if (depth > 1)
            {
                AddField(leaves, nameLength, depth - 1, start, at, ValueKind.Json, isEscaped: false);
            }

            return null;
        }

        while (true)
        {
            if (at == text.Length || text[at] != '"')
            {
                return "expected a name in quotes inside the JSON object";
            }

            if (!JsonText.TryFindEnd(text, at + 1, out var end, out var isEscaped))
            {
                return "a name in the JSON object is not closed or holds a wrong escape";
            }

            var fieldLength = Name(text[(at + 1)..end], isEscaped, nameLength, depth);
            at = JsonText.SkipWhite(text, end + 1);
            if (at == text.Length || text[at] != ':')
            {
                return "expected a colon after a name in the JSON object";
            }

            at = JsonText.SkipWhite(text, at + 1);
            var reason = at < text.Length && text[at] == '{'
                ? ReadObject(text, leaves, ref at, fieldLength, depth + 1)
                : ReadLeaf(text, leaves, ref at, fieldLength, depth);
            if (reason is not null)
            {
                return reason;
            }

            at = JsonText.SkipWhite(text, at);
            if (at < text.Length && text[at] == '}')
            {
                at++;
                return null;
            }

            if (at == text.Length || text[at] != ',')
            {
                return at == text.Length ? "the JSON object is not closed" : "expected a comma or } in the JSON object";
            }

            at = JsonText.SkipWhite(text, at + 1);
        }
    }

    string? ReadLeaf(ReadOnlySpan<byte> text, JsonLeaves leaves, ref int at, int nameLength, int depth)
    {
        var start = at;
        if (JsonTokens.Skip(text, ref at, depth, out var kind, out var isEscaped) is { } reason)
        {
            return reason;
        }

        if (kind == ValueKind.Text)
        {
            AddField(leaves, nameLength, depth, start + 1, at - 1, kind, isEscaped);
        }
        else if (kind != ValueKind.Null)
        {
            AddField(leaves, nameLength, depth, start, at, kind, isEscaped: false);
        }

        return null;
    }

    /// <summary>Puts a field's name behind its object's in <see cref="_path"/>; the length of both, or more than fits.</summary>
    int Name(ReadOnlySpan<byte> name, bool isEscaped, int prefixLength, int depth)
    {
        var start = depth == 1 ? 0 : prefixLength + 1;
        if (prefixLength > MaxNameBytes || start + name.Length > MaxNameBytes)
        {
            return MaxNameBytes + 1;
        }

        if (depth > 1)
        {
            _path[prefixLength] = (byte)'.';
        }

        var target = _path.AsSpan(start);
        if (isEscaped)
        {
            return start + JsonText.Unescape(name, target);
        }

        name.CopyTo(target);
        return start + name.Length;
    }

    void AddField(JsonLeaves leaves, int nameLength, int depth, int start, int end, ValueKind kind, bool isEscaped)
    {
        if (nameLength > MaxNameBytes)
        {
            leaves.Skip();
            Skipped++;
            return;
        }

        var name = _path.AsSpan(0, nameLength);
        var path = _last.Next;
        if (path is null || !path.Bytes.AsSpan().SequenceEqual(name))
        {
            path = _last.Next = _paths.Find(name, depth == 1);
        }

        _last = path;
        leaves.Add(path, start, end, depth, kind, isEscaped);
    }
}
