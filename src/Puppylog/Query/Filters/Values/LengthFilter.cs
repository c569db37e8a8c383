using System.Text;

namespace Puppylog.Query.Filters.Values;

/// <summary><c>field:len_range(5, 10)</c>: the value has so many characters, both bounds included.</summary>
/// <param name="field">The field.</param>
/// <param name="min">Characters at least.</param>
/// <param name="max">Characters at most; <see cref="long.MaxValue"/> for any number.</param>
sealed class LengthFilter(string field, long min, long max) : ValueFilter(field)
{
    public override bool Matches(ReadOnlySpan<byte> value)
    {
        var count = 0L;
        while (!value.IsEmpty)
        {
            Rune.DecodeFromUtf8(value, out _, out var length);
            value = value[length..];
            count++;
        }

        return count >= min && count <= max;
    }

    public override string ToString() => $"{FullPrefix}len_range({min}, {(max == long.MaxValue ? "inf" : max)})";
}
