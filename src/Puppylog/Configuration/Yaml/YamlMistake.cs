using YamlDotNet.Core;

namespace Puppylog.Configuration.Yaml;

/// <summary>What the parser says of broken YAML, in words for who wrote it, and at the place to look at.</summary>
static class YamlMistake
{
    /// <summary>What the parser says ⇶ what it mostly means.</summary>
    static readonly (string Said, string Meant)[] Meanings =
    [
        ("did not find expected '-' indicator", "this line is not indented as those that it belongs to: the settings of one item begin in the same column, two behind its '-'"),
        ("did not find expected key", "a setting like 'name: value' was expected here; look at the indentation of this line, and whether the value before it needs quotes"),
        ("found invalid mapping", "a second ':' in one line; a value with ': ' in it stands in quotes, and a setting within another on the next line, further in"),
        ("Mapping values are not allowed", "a second ':' in one line; a value with ': ' in it stands in quotes, and a setting within another on the next line, further in"),
        ("cannot start any token", "a value that begins with '@', '`' or '%' stands in quotes"),
        ("found wrong indentation", "the quote that opens here is not closed in its line"),
        ("found unexpected end of stream", "the quote that opens here is not closed"),
        ("did not find expected ',' or ']'", "the '[' is not closed; a ',' or ']' was expected here"),
        ("did not find expected ',' or '}'", "the '{' is not closed; a ',' or '}' was expected here"),
    ];

    public static (Place Place, string Message) Describe(YamlException wrong, string text)
    {
        var place = new Place((int)Math.Clamp(wrong.Start.Line, 1, int.MaxValue), (int)Math.Clamp(wrong.Start.Column, 1, int.MaxValue));
        var said = Said(wrong.Message);
        if (said.Contains("invalid tab", StringComparison.Ordinal) && TabAt(text, place.Line) is { } tab)
        {
            return (tab, "no YAML: a tab in the indentation; YAML takes spaces");
        }

        var meant = Array.Find(Meanings, meaning => said.Contains(meaning.Said, StringComparison.Ordinal)).Meant;
        return (place, $"no YAML: {meant ?? said}");
    }

    /// <summary>"(Lin: 1, Col: 2, Chr: 3) - (…): reason": the place is told by us.</summary>
    static string Said(string message)
    {
        var end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end < 0 ? message : message[(end + 3)..];
    }

    /// <summary>The first tab before a line's text, from a line on.</summary>
    static Place? TabAt(string text, int from)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var indentation = line[..(line.Length - line.TrimStart([' ', '\t']).Length)];
            if (++number >= from && indentation.Length < line.Length && indentation.IndexOf('\t') is >= 0 and var at)
            {
                return new(number, at + 1);
            }
        }

        return null;
    }
}
