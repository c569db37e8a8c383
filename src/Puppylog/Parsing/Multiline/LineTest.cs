using System.Text;
using System.Text.RegularExpressions;
using Puppylog.Parsing.Patterns;

namespace Puppylog.Parsing.Multiline;

/// <summary>Whether a line begins with a pattern, or a regular expression is found in it. Not thread-safe.</summary>
sealed class LineTest
{
    const string Expression = "regex:";

    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    readonly LinePattern? _pattern;
    readonly PatternMatch? _match;
    readonly Regex? _expression;
    char[] _text = new char[512];

    /// <param name="text">A pattern, or <c>regex:</c> and an expression.</param>
    /// <exception cref="ArgumentException">It is neither; the message says where.</exception>
    public LineTest(string text)
    {
        if (!text.StartsWith(Expression, StringComparison.Ordinal))
        {
            try
            {
                _pattern = LinePattern.Parse(text, needsField: false);
                _match = new(_pattern.Parts.Length);
                return;
            }
            catch (PatternException wrong)
            {
                throw new ArgumentException($"the pattern '{text}' is wrong {wrong.Message}", wrong);
            }
        }

        const RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
        try
        {
            _expression = new(text[Expression.Length..], options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            _expression = new(text[Expression.Length..], options, Limit);
        }
        catch (ArgumentException wrong)
        {
            throw new ArgumentException($"the regular expression '{text[Expression.Length..]}' is wrong: {wrong.Message}", wrong);
        }
    }

    public bool Passes(ReadOnlySpan<byte> line)
    {
        if (_pattern is not null)
        {
            _match!.BeginLine(line.Length);
            return _match.IsPrefix(_pattern, line);
        }

        if (_text.Length < line.Length)
        {
            _text = new char[line.Length * 2];
        }

        try
        {
            return _expression!.IsMatch(_text.AsSpan(0, Encoding.UTF8.GetChars(line, _text)));
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
