using System.Collections.Immutable;
using System.Text;

namespace Puppylog.Records;

/// <summary>
/// How a line follows from its fields, so that it need not be stored beside them:
/// <c>{host|-} {ident|-} {user|-} [{_time:clf}] "{method} {route} {protocol}" {status|-} {bytes|-}</c>.
/// <c>{name}</c> is the field, <c>{name|-}</c> the field or a dash where it is absent, <c>{name:json}</c> the field within
/// a JSON string (<see cref="JsonEscapes"/>), <c>{_time:clf}</c> the time as access logs write it, <c>{_time:…}</c> in one
/// of the forms of <see cref="TimeForm"/>, <c>{{</c> a brace.
/// </summary>
sealed class LineTemplate(string text, ImmutableArray<TemplatePart> parts)
{
    public string Text { get; } = text;

    public ImmutableArray<TemplatePart> Parts { get; } = parts;

    /// <summary>
    /// True where no word of a line reaches from one part into the next, so that every word of a line is a word of one of
    /// its parts.
    /// </summary>
    public bool KeepsWordsApart { get; } = Apart(parts);

    static bool Apart(ImmutableArray<TemplatePart> parts)
    {
        // Behind a backslash stands a letter: "a\nb" has the word nb, the value has not.
        if (parts.Any(part => part.Kind == TemplatePartKind.EscapedField))
        {
            return false;
        }

        for (var i = 1; i < parts.Length; i++)
        {
            var (left, right) = (parts[i - 1], parts[i]);
            var isApart = (left.Kind == TemplatePartKind.Literal && !Words.EndsWithWord(Encoding.UTF8.GetBytes(left.Text)))
                || (right.Kind == TemplatePartKind.Literal && !Words.StartsWithWord(Encoding.UTF8.GetBytes(right.Text)));
            if (!isApart)
            {
                return false;
            }
        }

        return true;
    }

    public static LineTemplate Parse(string text) =>
        TryParse(text, out var template) ? template : throw new FormatException($"not a line template: {text}");

    /// <summary>Reads a template; false where a brace is not closed.</summary>
    public static bool TryParse(string text, out LineTemplate template)
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        var literal = new StringBuilder();
        template = null!;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '{')
            {
                literal.Append(text[i]);
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == '{')
            {
                literal.Append('{');
                i++;
                continue;
            }

            var close = text.IndexOf('}', i);
            if (close < 0)
            {
                return false;
            }

            if (literal.Length > 0)
            {
                parts.Add(new(TemplatePartKind.Literal, literal.ToString()));
                literal.Clear();
            }

            parts.Add(Placeholder(text[(i + 1)..close]));
            i = close;
        }

        if (literal.Length > 0)
        {
            parts.Add(new(TemplatePartKind.Literal, literal.ToString()));
        }

        template = new(text, parts.ToImmutable());
        return true;
    }

    static TemplatePart Placeholder(string name)
    {
        const string time = FieldNames.Time + ":";
        if (name == "_time:clf")
        {
            return new(TemplatePartKind.ClfTime, FieldNames.Time);
        }

        if (name.StartsWith(time, StringComparison.Ordinal) && TimeForm.TryParse(name[time.Length..], out var form))
        {
            return new(TemplatePartKind.Time, FieldNames.Time) { Time = form };
        }

        if (name.EndsWith("|-", StringComparison.Ordinal))
        {
            return new(TemplatePartKind.FieldOrDash, name[..^2]);
        }

        var colon = name.LastIndexOf(':');
        return colon >= 0 && JsonEscapes.Find(name.AsSpan(colon + 1)) is { } escapes
            ? new(TemplatePartKind.EscapedField, name[..colon]) { Escapes = escapes }
            : new(TemplatePartKind.Field, name);
    }

    /// <summary>The template of these parts; null where its text does not say them, as with a brace in a field's name.</summary>
    public static LineTemplate? TryMake(IReadOnlyList<TemplatePart> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Kind switch
            {
                TemplatePartKind.Literal => part.Text.Replace("{", "{{", StringComparison.Ordinal),
                TemplatePartKind.Field => $"{{{part.Text}}}",
                TemplatePartKind.FieldOrDash => $"{{{part.Text}|-}}",
                TemplatePartKind.ClfTime => "{_time:clf}",
                TemplatePartKind.Time => $"{{_time:{part.Time}}}",
                _ => $"{{{part.Text}:{part.Escapes!.Name}}}",
            });
        }

        return TryParse(text.ToString(), out var template) && template.Parts.Length == parts.Count && template.Parts.Zip(parts).All(IsSame)
            ? template
            : null;
    }

    static bool IsSame((TemplatePart Left, TemplatePart Right) pair) =>
        pair.Left.Kind == pair.Right.Kind && pair.Left.Text == pair.Right.Text && pair.Left.Escapes == pair.Right.Escapes
        && pair.Left.Time?.Text == pair.Right.Time?.Text;

    public override string ToString() => Text;
}
