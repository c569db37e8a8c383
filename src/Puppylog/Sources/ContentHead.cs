namespace Puppylog.Sources;

/// <summary>The first bytes of a content, by which it is known again; see <see cref="Fingerprint"/>.</summary>
/// <param name="born">The time of birth of the inode that holds it; 0 where it is unknown, or does not matter.</param>
sealed class ContentHead(long born)
{
    byte[] _bytes = [];

    /// <summary>Nanoseconds since 1970.</summary>
    public long Born => born;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Takes note of bytes read at an offset of the content; offsets come without gaps.</summary>
    public void Note(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset < Fingerprint.HeadLength && offset <= Length)
        {
            var at = (int)offset;
            var count = Math.Min(Fingerprint.HeadLength - at, bytes.Length);
            if (at + count > _bytes.Length)
            {
                // Thousands of small files are common: no more than they need.
                Array.Resize(ref _bytes, Math.Min(Fingerprint.HeadLength, Math.Max(at + count, 2 * _bytes.Length)));
            }

            bytes[..count].CopyTo(_bytes.AsSpan(at));
            Length = Math.Max(Length, at + count);
        }
    }
}
