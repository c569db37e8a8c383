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

    /// <summary>The first and the last eight of 8 to 16 bytes, compared with fewer steps than more of them.</summary>
    readonly ulong _first = literal.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(literal) : 0;
    readonly ulong _last = literal.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(literal.AsSpan(literal.Length - sizeof(ulong))) : 0;

    /// <summary>True where the bytes stand there.</summary>
    public bool IsAt(ReadOnlySpan<byte> text, int at)
    {
        var length = Literal.Length;
        if (text.Length - at < length)
        {
            return false;
        }

        ref var there = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at);
        return length is >= sizeof(ulong) and <= 2 * sizeof(ulong)
            ? Unsafe.ReadUnaligned<ulong>(ref there) == _first && Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref there, length - sizeof(ulong))) == _last
            : text.Slice(at, length).SequenceEqual(Literal);
    }

    public JsonPath? Path { get; } = path;

    public bool IsText { get; } = isText;

    public int Depth { get; } = depth;

    /// <summary>What may follow, the likely first.</summary>
    public ReadOnlySpan<JsonEdge> Next => _next;

    /// <summary>The templates of lines that end here.</summary>
    public JsonTemplates Templates { get; } = path is null ? new() : JsonTemplates.None;

    public bool HasRoom => _next.Length < MaxNext;

    public void Add(JsonEdge edge) => _next = [.. _next, edge];

    /// <summary>Moves an edge that was taken one place forward.</summary>
    public void Prefer(int index) => (_next[index - 1], _next[index]) = (_next[index], _next[index - 1]);
}
