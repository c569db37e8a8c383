namespace Puppylog.Sources;

/// <summary>
/// The first bytes of a content, by which it is known again. The inode's time of birth is hashed with them: a file that was
/// deleted and made again may get the same inode and begin with the same bytes, and is another content nevertheless.
/// </summary>
sealed class ContentHead(long born)
{
    /// <summary>Bytes that a fingerprint covers at most.</summary>
    public const int MaxLength = 1024;

    readonly byte[] _bytes = new byte[MaxLength];
    ulong _full;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Takes note of bytes read at an offset of the content; offsets come without gaps.</summary>
    public void Note(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset < MaxLength && offset <= Length)
        {
            var at = (int)offset;
            var count = Math.Min(MaxLength - at, bytes.Length);
            bytes[..count].CopyTo(_bytes.AsSpan(at));
            Length = Math.Max(Length, at + count);
        }
    }

    public void Clear()
    {
        Length = 0;
        _full = 0;
    }

    /// <summary>A hash of the first <paramref name="length"/> bytes, the same in every run of the program.</summary>
    public ulong Fingerprint(int length)
    {
        if (length < MaxLength)
        {
            return Hash(length);
        }

        return _full != 0 ? _full : _full = Hash(length);
    }

    /// <remarks>FNV-1a, 64 bits: draft-eastlake-fnv.</remarks>
    ulong Hash(int length)
    {
        const ulong Prime = 0x100000001b3;
        var hash = 0xcbf29ce484222325;
        for (var shift = 0; shift < 64; shift += 8)
        {
            hash = (hash ^ (byte)(born >> shift)) * Prime;
        }

        foreach (var b in _bytes.AsSpan(0, length))
        {
            hash = (hash ^ b) * Prime;
        }

        return hash;
    }
}
