using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Puppylog.Parsing.Json;

/// <summary>
/// A step through lines of one form: the bytes that stand between a value and the next one (keys, punctuation, spacing,
/// nulls), then that value, or the end of the line.
/// </summary>
/// <param name="literal">The bytes, a string's quotes included.</param>
/// <param name="path">The value's name; null where the line ends.</param>
/// <param name="isText">The value is a string.</param>
/// <param name="depth">How deep the value is nested.</param>
sealed class JsonEdge(byte[] literal, JsonPath? path, bool isText, int depth)
{
    /// <summary>More ways to go on from one place are not learned.</summary>
    const int MaxNext = 32;

    JsonEdge[] _next = [];

    public byte[] Literal { get; } = literal;

    public int Length { get; } = literal.Length;

    /// <summary>The first and the last eight bytes; of fewer these in the upper bits, as they lie before the end.</summary>
    readonly ulong _first = literal.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(literal) : 0;
    readonly ulong _last = Last(literal);

    static ulong Last(byte[] literal)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        var length = Math.Min(literal.Length, padded.Length);
        literal.AsSpan(literal.Length - length).CopyTo(padded[(padded.Length - length)..]);
        return BinaryPrimitives.ReadUInt64LittleEndian(padded);
    }

    /// <summary>True where the bytes stand there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAt(ReadOnlySpan<byte> text, int at)
    {
        var length = Length;
        if (text.Length - at < length)
        {
            return false;
        }

        // Up to 32 bytes are compared with fewer steps than more of them.
        ref var end = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at + length);
        if (length < sizeof(ulong))
        {
            return at + length >= sizeof(ulong)
                ? length == 0 || (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref end, sizeof(ulong))) ^ _last) >> (8 * (sizeof(ulong) - length)) == 0
                : text.Slice(at, length).SequenceEqual(Literal);
        }

        if (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref end, length)) != _first || Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref end, sizeof(ulong))) != _last)
        {
            return false;
        }

        return length <= 2 * sizeof(ulong) || text.Slice(at, length).SequenceEqual(Literal);
    }

    public JsonPath? Path { get; } = path;

    public bool IsText { get; } = isText;

    public int Depth { get; } = depth;

    /// <summary>What may follow, the likely first.</summary>
    public ReadOnlySpan<JsonEdge> Next => _next;

    /// <summary>The templates of lines that end here.</summary>
    public JsonTemplates Templates { get; } = path is null ? new() : JsonTemplates.None;

    /// <summary>The edges with values on the way to a line's end.</summary>
    public JsonEdge[] Steps { get; set; } = [];

    public bool HasRoom => _next.Length < MaxNext;

    public void Add(JsonEdge edge) => _next = [.. _next, edge];

    uint _taken;

    /// <summary>Counts an edge that follows, and moves it one place forward where it has been taken more often than the one there.</summary>
    public void Take(int index)
    {
        var next = _next;
        var taken = ++next[index]._taken;
        if (index > 0 && taken > next[index - 1]._taken)
        {
            (next[index - 1], next[index]) = (next[index], next[index - 1]);
        }
    }
}
