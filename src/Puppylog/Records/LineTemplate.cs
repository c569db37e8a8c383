using System.Collections.Immutable;
using System.Text;

namespace Puppylog.Records;

/// <summary>
/// How a line follows from its fields, so that it need not be stored beside them:
/// <c>{host|-} {ident|-} {user|-} [{_time:clf}] "{method} {route} {protocol}" {status|-} {bytes|-}</c>.
/// <c>{name}</c> is the field, <c>{name|-}</c> the field or a dash where it is absent, <c>{_time:clf}</c> the time as
/// access logs write it, <c>{{</c> a brace.
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

    static TemplatePart Placeholder(string name) => name switch
    {
        "_time:clf" => new(TemplatePartKind.ClfTime, FieldNames.Time),
        _ when name.EndsWith("|-", StringComparison.Ordinal) => new(TemplatePartKind.FieldOrDash, name[..^2]),
        _ => new(TemplatePartKind.Field, name),
    };

    public override string ToString() => Text;
}
