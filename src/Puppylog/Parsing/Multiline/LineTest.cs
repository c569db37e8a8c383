using System.Text;
using System.Text.RegularExpressions;
using Puppylog.Parsing.Patterns;

namespace Puppylog.Parsing.Multiline;

/// <summary>Whether a line begins with a pattern, or a regular expression is found in it. Not thread-safe.</summary>
sealed class LineTest
{
    const string Pattern = "pattern:";

    /// <summary>Bytes of a line in which an expression is looked for.</summary>
    const int MostBytes = 4096;

    readonly LinePattern? _pattern;
    readonly PatternMatch? _match;
    readonly Regex? _expression;
    char[] _text = new char[512];

    /// <param name="text">A regular expression, or <c>pattern:</c> and a pattern (<see cref="LinePattern"/>).</param>
    /// <exception cref="ArgumentException">It is neither; the message says where.</exception>
    public LineTest(string text)
    {
        if (text.StartsWith(Pattern, StringComparison.Ordinal))
        {
            text = text[Pattern.Length..];
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

        try
        {
            _expression = new(text, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException wrong)
        {
            // It looks around itself or back, which cannot be bounded in time.
            throw new ArgumentException($"the regular expression '{text}' cannot be used: {wrong.Message}", wrong);
        }
        catch (ArgumentException wrong)
        {
            throw new ArgumentException($"the regular expression '{text}' is wrong: {wrong.Message}", wrong);
        }
    }

    public bool Passes(ReadOnlySpan<byte> line)
    {
        if (_pattern is not null)
        {
            _match!.BeginLine(line.Length);
            return _match.IsPrefix(_pattern, line);
        }

        line = line[..Math.Min(line.Length, MostBytes)];
        if (_text.Length < line.Length)
        {
            _text = new char[MostBytes];
        }

        return _expression!.IsMatch(_text.AsSpan(0, Encoding.UTF8.GetChars(line, _text)));
    }
}
