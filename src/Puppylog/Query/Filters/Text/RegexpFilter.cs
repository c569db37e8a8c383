using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Puppylog.Query.Filters.Automata;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Text;

/// <summary>
/// <c>field:~"regexp"</c>: the expression matches somewhere in the value. Runs in time linear in the value's length; bytes
/// that are no UTF-8 are seen as U+FFFD; a dot matches a newline too.
/// </summary>
sealed class RegexpFilter : ValueFilter
{
    /// <summary>Characters of the longest expression that is accepted.</summary>
    public const int MaxLength = 4096;

    const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;

    readonly string _pattern;
    readonly bool _whole;
    readonly Regex _regex;
    readonly Lazy<ByteAutomaton?> _automaton;
    readonly byte[][] _literals = [];

    /// <param name="field">The field.</param>
    /// <param name="pattern">The expression.</param>
    /// <param name="whole">True where it must match the whole value, as in stream selectors.</param>
    /// <exception cref="ArgumentException">It is no regular expression, or one that cannot be run in linear time.</exception>
    public RegexpFilter(string field, string pattern, bool whole = false)
        : base(field)
    {
        _pattern = pattern;
        _whole = whole;
        var complete = WithFrameworkNames(whole ? $"\\A(?:{pattern})\\z" : pattern);
        _regex = Compile(complete, WithFrameworkNames(pattern));
        _automaton = new(() => ByteAutomaton.Of(complete));
        var ignoresCase = pattern.StartsWith("(?i)", StringComparison.Ordinal);
        var literal = RequiredLiteral.Of(ignoresCase ? pattern[4..] : pattern);
        if (literal.Length > 0 && (!ignoresCase || Ascii.IsValid(literal)))
        {
            var probe = new TextProbe(literal, wholeStart: false, wholeEnd: false, ignoresCase);
            Fragments = [.. probe.Fragments()];
            if (!ignoresCase)
            {
                Needle = probe.Needle.ToArray();
                _literals = [.. RequiredLiteral.AllOf(pattern).Select(Utf8).OrderByDescending(text => text.Length)];
            }
        }
    }

    public override ByteAutomaton? Automaton => _automaton.Value;

    public override bool Matches(ReadOnlySpan<byte> value)
    {
        if (Needle.Length > 0 && value.IndexOf(Needle) < 0)
        {
            return false;
        }

        switch (Automaton?.Match(value))
        {
            case ByteAutomaton.Accepted:
                return true;
            case ByteAutomaton.Rejected:
                return false;
        }

        var rented = value.Length > 512 ? ArrayPool<char>.Shared.Rent(value.Length) : null;
        var buffer = rented is null ? stackalloc char[512] : rented;
        var matches = _regex.IsMatch(buffer[..Encoding.UTF8.GetChars(value, buffer)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return matches;
    }

    protected override byte[] OtherNeedle(ReadOnlySpan<byte> prefix)
    {
        foreach (var literal in _literals)
        {
            if (!prefix.SequenceEqual(literal))
            {
                return literal;
            }
        }

        return [];
    }

    public override string ToString() => $"{Prefix}~{Quoting.Always(_pattern)}";

    static Regex Compile(string whole, string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            throw new ArgumentException($"a regular expression may have {MaxLength} characters, this one has {pattern.Length}");
        }

        if (pattern.Contains("[:", StringComparison.Ordinal) && pattern.Contains(":]", StringComparison.Ordinal))
        {
            throw new ArgumentException("classes like [:alpha:] are not supported, write \\p{L} or a-z");
        }

        try
        {
            // Once alone, so that a stray parenthesis is not closed by those around it.
            var regex = new Regex(pattern, Options);
            return whole == pattern ? regex : new Regex(whole, Options);
        }
        catch (RegexParseException error)
        {
            throw new ArgumentException(Reason(error), error);
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException("look-around, backreferences and atomic groups are not supported, as they cannot be run in linear time", error);
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new ArgumentException("it is nested too deeply", error);
        }
    }

    /// <summary>Names groups as the framework does: <c>(?P&lt;name&gt;</c> becomes <c>(?&lt;name&gt;</c>.</summary>
    static string WithFrameworkNames(string pattern)
    {
        if (!pattern.Contains("(?P<", StringComparison.Ordinal))
        {
            return pattern;
        }

        var text = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            text.Append(pattern[i]);
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                text.Append(pattern[++i]);
            }
            else if (!inClass && pattern.AsSpan(i).StartsWith("(?P<"))
            {
                text.Append('?');
                i += 2;
            }
            else
            {
                inClass = pattern[i] == '[' || (inClass && pattern[i] != ']');
            }
        }

        return text.ToString();
    }

    /// <summary>The framework's explanation without its repetition of the pattern.</summary>
    static string Reason(RegexParseException error)
    {
        var offset = error.Message.IndexOf($"at offset {error.Offset}. ", StringComparison.Ordinal);
        var reason = offset < 0 ? error.Message : error.Message[(offset + $"at offset {error.Offset}. ".Length)..];
        return $"{reason.TrimEnd('.')} (after {error.Offset} characters)";
    }
}
