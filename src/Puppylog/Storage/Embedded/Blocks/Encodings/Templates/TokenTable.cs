using System.Runtime.InteropServices;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>The tokens of a column's values, as one set of separators cuts them.</summary>
sealed class TokenTable
{
    int[] _ends = [];
    int[] _first = [];
    int _used;
    ByteSpan[] _values = [];

    public void Clear(ReadOnlySpan<ByteSpan> values)
    {
        _used = 0;
        if (_first.Length < values.Length)
        {
            _first = new int[Math.Max(values.Length, 4096)];
            _values = new ByteSpan[_first.Length];
        }

        values.CopyTo(_values);
    }

    /// <summary>Room for the ends of the next value's tokens.</summary>
    public Span<int> Next()
    {
        if (_ends.Length - _used < SeparatorSet.MaxTokens)
        {
            Array.Resize(ref _ends, Math.Max(4096, _ends.Length * 2));
        }

        return _ends.AsSpan(_used);
    }

    public void Take(int value, int tokens)
    {
        _first[value] = _used;
        _used += tokens;
    }

    public ByteSpan Token(int value, int token)
    {
        var first = _first[value] + token;
        var start = token == 0 ? _values[value].Offset : _ends[first - 1] + 1;
        return new(start, _ends[first] - start);
    }

    /// <summary>A hash that tells tokens apart well enough to plan with.</summary>
    public static ulong Hash(ReadOnlySpan<byte> token)
    {
        var hash = (ulong)token.Length * 0x9E37_79B9_7F4A_7C15;
        while (token.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(token)) * 0xD6E8_FEB8_6659_FD93;
            hash ^= hash >> 32;
            token = token[8..];
        }

        ulong rest = 0;
        if (token.Length >= 4)
        {
            rest = MemoryMarshal.Read<uint>(token) | ((ulong)MemoryMarshal.Read<uint>(token[^4..]) << 32);
        }
        else if (token.Length > 0)
        {
            rest = token[0] | ((ulong)token[token.Length >> 1] << 8) | ((ulong)token[^1] << 16);
        }

        hash = (hash ^ rest) * 0xD6E8_FEB8_6659_FD93;
        return hash ^ (hash >> 32);
    }
}
