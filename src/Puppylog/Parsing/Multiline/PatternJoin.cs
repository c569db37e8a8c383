using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Puppylog.Parsing.Multiline;

/// <summary>A rule of the user's own: a record begins with a line that matches, or goes on with one.</summary>
/// <exception cref="ArgumentException">The expression is none.</exception>
/// <exception cref="NotSupportedException">The expression looks around itself or back, which cannot be bounded in time.</exception>
sealed class PatternJoin(string expression, bool isStart) : LineJoin
{
    /// <summary>Bytes of a line that are looked at.</summary>
    const int MostBytes = 4096;

    readonly Regex _expression = new(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        line = line[..Math.Min(line.Length, MostBytes)].TrimEnd((byte)'\r');
        var text = ArrayPool<char>.Shared.Rent(line.Length);
        var length = Encoding.UTF8.GetChars(line, text);
        var isMatch = _expression.IsMatch(text.AsSpan(0, length));
        ArrayPool<char>.Shared.Return(text);
        return isMatch != isStart;
    }
}
