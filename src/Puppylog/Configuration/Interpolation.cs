using System.Text;

namespace Puppylog.Configuration;

/// <summary>
/// Variables of the environment in a text: <c>${NAME}</c>, <c>${NAME:-what is taken where it is not set or empty}</c>, and
/// <c>$$</c> for a dollar. A dollar before anything else is one.
/// </summary>
static class Interpolation
{
    /// <param name="text">The text.</param>
    /// <param name="variable">A variable's value; null where it is not set.</param>
    /// <param name="mistake">Takes what is wrong, and at which character it stands.</param>
    public static string Replace(string text, Func<string, string?> variable, Action<int, string> mistake)
    {
        var dollar = text.IndexOf('$', StringComparison.Ordinal);
        if (dollar < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var at = 0;
        while (dollar >= 0)
        {
            result.Append(text, at, dollar - at);
            switch (dollar + 1 < text.Length ? text[dollar + 1] : '\0')
            {
                case '$':
                    result.Append('$');
                    at = dollar + 2;
                    break;
                case '{':
                    var end = text.IndexOf('}', dollar);
                    if (end < 0)
                    {
                        mistake(dollar, "'${' is not closed; write $${ for one that is meant itself");
                        return text;
                    }

                    result.Append(Value(text[(dollar + 2)..end], variable, reason => mistake(dollar, reason)));
                    at = end + 1;
                    break;
                default:
                    result.Append('$');
                    at = dollar + 1;
                    break;
            }

            dollar = text.IndexOf('$', at);
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    static string Value(string expression, Func<string, string?> variable, Action<string> mistake)
    {
        var colon = expression.IndexOf(":-", StringComparison.Ordinal);
        var name = colon < 0 ? expression : expression[..colon];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            mistake($"'{name}' is no name of an environment variable; expected ${{NAME}} or ${{NAME:-default}}, or $${{ for a brace behind a dollar");
            return "";
        }

        var value = variable(name);
        if (colon >= 0)
        {
            return string.IsNullOrEmpty(value) ? expression[(colon + 2)..] : value;
        }

        if (value is null)
        {
            mistake($"the environment variable {name} is not set; set it, or write ${{{name}:-default}}");
        }

        return value ?? "";
    }
}
