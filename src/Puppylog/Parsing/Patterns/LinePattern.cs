using System.Collections.Immutable;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Parsing.Patterns;

/// <summary>
/// How the lines of a format are built, without regular expressions:
/// <c>{time:timestamp} {level} [{thread}] {logger}: {_msg}</c>. A space stands for one or more; <c>{ }</c> for any number;
/// <c>{name}</c> for what stands before the text that follows it, the shortest with which the rest matches;
/// <c>{name:type}</c> for one of <see cref="PatternType"/>; <c>{name|-}</c> for a field that a dash says is absent;
/// <c>{{</c> for a brace, <c>\t</c>, <c>\n</c>, <c>\\</c> for tab, newline, backslash.
/// </summary>
sealed class LinePattern
{
    static readonly (string Name, PatternType Type)[] Types =
    [
        ("text", PatternType.Text), ("word", PatternType.Word), ("level", PatternType.Level), ("letter", PatternType.Letter),
        ("int", PatternType.Int), ("number", PatternType.Number), ("name", PatternType.Name), ("dotted", PatternType.Dotted), ("caller", PatternType.Caller), ("timestamp", PatternType.Time),
    ];

    LinePattern(string text, ImmutableArray<PatternPart> parts)
    {
        Text = text;
        Parts = parts;
        TimeAt = Find(FieldNames.Time);
        MessageAt = Find(FieldNames.Message);
        LevelAt = Find(FieldNames.Level);
        SpacesAt = [.. Enumerable.Range(0, parts.Length).Where(i => parts[i].LeastSpaces is not null)];
        StartEnd = TimeAt >= 0 ? TimeAt + 1 : LevelAt < 0 ? -1 : FirstLineEnd();
    }

    public string Text { get; }

    public ImmutableArray<PatternPart> Parts { get; }

    /// <summary>Which part is the record's time; -1 for none.</summary>
    public int TimeAt { get; }

    public int MessageAt { get; }

    public int LevelAt { get; }

    /// <summary>The parts that are spaces, whose number may differ.</summary>
    public ImmutableArray<int> SpacesAt { get; }

    /// <summary>The parts before this one tell that a line begins a record: up to the time; without one, up to the last field, in the first line; -1 where nothing tells.</summary>
    public int StartEnd { get; }

    /// <summary>The part before which the first line, or the last field, begins.</summary>
    int FirstLineEnd()
    {
        for (var i = LevelAt + 1; i < Parts.Length; i++)
        {
            if (i == Parts.Length - 1 || (Parts[i].Literal?.Contains((byte)'\n') ?? false))
            {
                return i;
            }
        }

        return Parts.Length;
    }

    int Find(string name)
    {
        for (var i = 0; i < Parts.Length; i++)
        {
            if (Parts[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <exception cref="PatternException">It is no pattern.</exception>
    /// <param name="text">The pattern.</param>
    /// <param name="hidden">Names that records do not show are allowed: the product's own patterns keep odd bits so.</param>
    /// <param name="needsField">A pattern without a field is none.</param>
    public static LinePattern Parse(string text, bool hidden = false, bool needsField = true)
    {
        var parts = ImmutableArray.CreateBuilder<PatternPart>();
        var literal = new StringBuilder();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c == ' ')
            {
                Flush(parts, literal);
                while (at < text.Length && text[at] == ' ')
                {
                    at++;
                }

                parts.Add(new() { LeastSpaces = 1 });
                continue;
            }

            if (c == '\\')
            {
                literal.Append((at + 1 < text.Length ? text[at + 1] : '\0') switch
                {
                    't' => '\t',
                    'n' => '\n',
                    '\\' => '\\',
                    _ => throw new PatternException(at + 1, "\\t, \\n or \\\\ behind a backslash"),
                });
                at += 2;
                continue;
            }

            if (c != '{' || (at + 1 < text.Length && text[at + 1] == '{'))
            {
                literal.Append(c);
                at += c == '{' ? 2 : 1;
                continue;
            }

            var close = text.IndexOf('}', at);
            if (close < 0)
            {
                throw new PatternException(at + 1, "a } behind {; a brace itself is written {{");
            }

            Flush(parts, literal);
            AddField(parts, names, text[(at + 1)..close], at + 1, hidden);
            at = close + 1;
        }

        Flush(parts, literal);
        if (needsField ? names.Count == 0 : parts.Count == 0)
        {
            throw new PatternException(1, needsField ? "a field like {_msg}" : "a text or a field");
        }

        if (parts is [.., { Type: PatternType.Text or PatternType.Word, Name: not null }, { LeastSpaces: 0 }])
        {
            throw new PatternException(text.Length, "something behind { }, which stands between a field and what follows it");
        }

        return new(text, parts.ToImmutable());
    }

    static void Flush(ImmutableArray<PatternPart>.Builder parts, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new() { Literal = Encoding.UTF8.GetBytes(literal.ToString()) });
            literal.Clear();
        }
    }

    static void AddField(ImmutableArray<PatternPart>.Builder parts, HashSet<string> names, string inner, int position, bool hidden)
    {
        if (inner.AsSpan().Trim(' ').IsEmpty)
        {
            parts.Add(inner.Length > 0 ? new() { LeastSpaces = 0 } : throw new PatternException(position + 1, "a field's name behind {"));
            return;
        }

        var colon = inner.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? inner : inner[..colon];
        var isDash = colon < 0 && name.EndsWith("|-", StringComparison.Ordinal);
        name = isDash ? name[..^2] : name;
        name = name switch { "time" => FieldNames.Time, "message" or "msg" => FieldNames.Message, _ => name };
        if (!IsName(name) || (!hidden && FieldNames.IsHidden(name)) || name is FieldNames.Raw or FieldNames.Stream or FieldNames.StreamId)
        {
            throw new PatternException(position + 1, "a field's name of letters, digits, _, ., - and @, not one of the product's own");
        }

        if (!names.Add(name))
        {
            throw new PatternException(position + 1, $"a name that was not there before, not {name} again");
        }

        var last = parts.Count > 1 && parts[^1].LeastSpaces == 0 ? parts[^2] : parts.Count > 0 ? parts[^1] : null;
        if (last is { Name: { } before, Type: PatternType.Text or PatternType.Word or PatternType.Name })
        {
            throw new PatternException(position, $"text between {{{before}}} and {{{name}}} that tells where the first ends");
        }

        var (type, form) = TypeOf(name, colon < 0 ? "" : inner[(colon + 1)..], position + colon + 2);
        parts.Add(new() { Name = name, Type = type, Form = form, DashIsAbsent = isDash });
    }

    static (PatternType Type, TimeForm? Form) TypeOf(string name, string text, int position)
    {
        if (text.Length == 0)
        {
            return (name switch { FieldNames.Time => PatternType.Time, FieldNames.Level => PatternType.Word, _ => PatternType.Text }, null);
        }

        foreach (var (known, type) in Types)
        {
            if (text == known && (name != FieldNames.Time || type == PatternType.Time))
            {
                return (type, null);
            }
        }

        if (TimeForm.TryParse(text, out var form))
        {
            return (PatternType.Time, form);
        }

        throw new PatternException(position, name == FieldNames.Time
            ? "timestamp, or a form of a time like YYYY-MM-DD hh:mm:ss.fff, MMM _D hh:mm:ss or ms"
            : $"one of {string.Join(", ", Types.Select(type => type.Name))}, or a form of a time");
    }

    static bool IsName(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-' or '@'))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    public override string ToString() => Text;
}
