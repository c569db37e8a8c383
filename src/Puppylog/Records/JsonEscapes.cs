using System.Buffers;
using System.Text;

namespace Puppylog.Records;

/// <summary>
/// How a writer of JSON escapes strings, so that an escaped value need not be stored beside its text. All write
/// <c>\b \f \n \r \t \\</c> short and other control characters as <c>\u00xx</c>; they differ in what else they escape and
/// in the case of the digits.
/// </summary>
sealed class JsonEscapes
{
    /// <summary>The most bytes that one byte becomes.</summary>
    public const int MaxGrowth = 6;

    /// <summary>Code of a byte that is written as it is.</summary>
    const byte Plain = 0;

    /// <summary>Code of a byte that is written as <c>\uxxxx</c>; any other code is the letter behind the backslash.</summary>
    const byte Hex = 1;

    readonly byte[] _codes = new byte[128];
    readonly bool _asciiOnly;
    readonly bool _lineSeparators;
    readonly bool _upper;

    JsonEscapes(string name, string shortened = "", string hex = "", bool asciiOnly = false, bool lineSeparators = false, bool upper = false)
    {
        Name = name;
        _asciiOnly = asciiOnly;
        _lineSeparators = lineSeparators;
        _upper = upper;
        _codes.AsSpan(0, 32).Fill(Hex);
        foreach (var (from, to) in "\bb\ff\nn\rr\tt\\\\\"\"".Chunk(2).Select(pair => (pair[0], pair[1])))
        {
            _codes[from] = (byte)to;
        }

        foreach (var c in shortened)
        {
            _codes[c] = (byte)c;
        }

        foreach (var c in hex)
        {
            _codes[c] = Hex;
        }

        var wide = asciiOnly || lineSeparators;
        Marked = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b < 0x80 ? _codes[b] != Plain : wide).Select(b => (byte)b)]);
    }

    /// <summary>
    /// <c>json</c>: only what must be (JavaScript, most loggers); <c>json.u</c>: the same with capital digits (Jackson);
    /// <c>json.a</c>: all but ASCII too (Python); <c>json.as</c>: and the slash (PHP); <c>json.s</c>: the slash;
    /// <c>json.h</c>: what HTML minds (Go); <c>json.net</c>: what .NET's default encoder does.
    /// </summary>
    public static IReadOnlyList<JsonEscapes> All { get; } =
    [
        new("json") { Number = 1 },
        new("json.u", upper: true) { Number = 2 },
        new("json.a", asciiOnly: true) { Number = 3 },
        new("json.h", hex: "<>&", lineSeparators: true) { Number = 4 },
        new("json.as", shortened: "/", asciiOnly: true) { Number = 5 },
        new("json.s", shortened: "/") { Number = 6 },
        new("json.net", hex: "\"&'+<>`\u007f", asciiOnly: true, upper: true) { Number = 7 },
    ];

    public string Name { get; }

    /// <summary>The bytes that are not always written as they are.</summary>
    public SearchValues<byte> Marked { get; }

    /// <summary>Which of <see cref="All"/> it is, from 1; not stored.</summary>
    public int Number { get; private init; }

    public static JsonEscapes? Find(ReadOnlySpan<char> name)
    {
        foreach (var escapes in All)
        {
            if (name.SequenceEqual(escapes.Name))
            {
                return escapes;
            }
        }

        return null;
    }

    /// <summary>Writes the text as it stands between the quotes; the length. The target has <see cref="MaxGrowth"/> times its length.</summary>
    public int Write(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var at = 0;
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < text.Length;)
        {
            var b = text[i];
            if (b < 0x80)
            {
                i++;
                var code = _codes[b];
                if (code == Plain)
                {
                    target[at++] = b;
                }
                else if (code == Hex)
                {
                    at += WriteHex(b, target[at..]);
                }
                else
                {
                    target[at] = (byte)'\\';
                    target[at + 1] = code;
                    at += 2;
                }

                continue;
            }

            var isRune = Rune.DecodeFromUtf8(text[i..], out var rune, out var length) == OperationStatus.Done;
            if (isRune && (_asciiOnly || (_lineSeparators && rune.Value is 0x2028 or 0x2029)))
            {
                var count = rune.EncodeToUtf16(units);
                for (var unit = 0; unit < count; unit++)
                {
                    at += WriteHex(units[unit], target[at..]);
                }
            }
            else
            {
                text.Slice(i, length).CopyTo(target[at..]);
                at += length;
            }

            i += length;
        }

        return at;
    }

    int WriteHex(int unit, Span<byte> target)
    {
        var digits = _upper ? "0123456789ABCDEF"u8 : "0123456789abcdef"u8;
        target[0] = (byte)'\\';
        target[1] = (byte)'u';
        for (var i = 0; i < 4; i++)
        {
            target[2 + i] = digits[unit >> (12 - (4 * i)) & 15];
        }

        return 6;
    }
}
