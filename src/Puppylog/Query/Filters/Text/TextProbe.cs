using System.Buffers;
using System.Globalization;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Text;

/// <summary>
/// A text looked for inside a value, at word boundaries or anywhere. A boundary is asked for only on the side where the
/// text itself begins or ends with a word's character: <c>"/foo"</c> is found in <c>a/foo</c>.
/// </summary>
sealed class TextProbe
{
    readonly byte[] _needle;
    readonly bool _checkStart;
    readonly bool _checkEnd;

    public TextProbe(string text, bool wholeStart, bool wholeEnd, bool ignoreCase = false)
        : this(Encoding.UTF8.GetBytes(ignoreCase ? text.ToLowerInvariant() : text), wholeStart, wholeEnd, ignoreCase)
    {
    }

    TextProbe(byte[] needle, bool wholeStart, bool wholeEnd, bool ignoreCase)
    {
        _needle = needle;
        WholeStart = wholeStart;
        WholeEnd = wholeEnd;
        IgnoreCase = ignoreCase;
        _checkStart = wholeStart && Words.StartsWithWord(needle);
        _checkEnd = wholeEnd && Words.EndsWithWord(needle);
    }

    /// <summary>The bytes, wherever they stand.</summary>
    public static TextProbe Anywhere(byte[] needle) => new(needle, wholeStart: false, wholeEnd: false, ignoreCase: false);

    public ReadOnlySpan<byte> Needle => _needle;

    public bool WholeStart { get; }

    public bool WholeEnd { get; }

    public bool IgnoreCase { get; }

    /// <summary>True where the text is one word or a part of one, so that it cannot lie across a separator.</summary>
    public bool IsWord
    {
        get
        {
            var at = 0;
            return Words.TryNext(_needle, ref at, out var word) && word.Length == _needle.Length;
        }
    }

    public bool IsIn(ReadOnlySpan<byte> value) => End(value) >= 0;

    /// <summary>Where the first occurrence ends, or -1.</summary>
    public int End(ReadOnlySpan<byte> value)
    {
        if (!IgnoreCase)
        {
            return Find(value);
        }

        // Lower case can be longer: Ⱥ has 2 bytes, ⱥ has 3.
        var size = value.Length * 2;
        var rented = size > 1024 ? ArrayPool<byte>.Shared.Rent(size) : null;
        var buffer = rented is null ? stackalloc byte[1024] : rented;
        var end = Find(buffer[..Lower(value, buffer)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return end;
    }

    /// <summary>
    /// The words and parts of words that every value with this text contains, each with the boundaries that are certain.
    /// </summary>
    public IEnumerable<TextProbe> Fragments()
    {
        var fragments = new List<TextProbe>();
        var at = 0;
        while (Words.TryNext(_needle, ref at, out var word))
        {
            fragments.Add(new(word.ToArray(), at > word.Length || WholeStart, at < _needle.Length || WholeEnd, IgnoreCase));
        }

        return fragments;
    }

    /// <summary>
    /// The absolute value of the integers whose text this is in, or -1 where it is in none; false where they cannot be
    /// told so simply.
    /// </summary>
    public bool TryGetMagnitude(out long magnitude)
    {
        magnitude = -1;
        if (!IsWord)
        {
            return false;
        }

        if (Needle.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (Needle[0] == '0' && Needle.Length > 1 && WholeStart))
        {
            return true;
        }

        return WholeStart && WholeEnd && long.TryParse(Needle, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
    }

    int Find(ReadOnlySpan<byte> value)
    {
        var from = 0;
        while (true)
        {
            var found = value[from..].IndexOf(_needle);
            if (found < 0)
            {
                return -1;
            }

            var start = from + found;
            var end = start + _needle.Length;
            if ((!_checkStart || !Words.EndsWithWord(value[..start])) && (!_checkEnd || !Words.StartsWithWord(value[end..])))
            {
                return end;
            }

            from = start + 1;
        }
    }

    static int Lower(ReadOnlySpan<byte> value, Span<byte> target)
    {
        if (Ascii.ToLower(value, target, out var written) == OperationStatus.Done)
        {
            return written;
        }

        var at = 0;
        written = 0;
        while (at < value.Length)
        {
            if (Rune.DecodeFromUtf8(value[at..], out var rune, out var length) == OperationStatus.Done)
            {
                written += Rune.ToLowerInvariant(rune).EncodeToUtf8(target[written..]);
            }
            else
            {
                value.Slice(at, length).CopyTo(target[written..]);
                written += length;
            }

            at += length;
        }

        return written;
    }
}
