using System.Security.Cryptography;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// A gzipped body with a member of random bytes behind it. Whoever unpacks a body that was cut off is not told by the
/// framework; the random bytes at the end of what comes out say that it was whole.
/// </summary>
sealed class ClosedStream(Stream body) : Stream
{
    const int NonceLength = 16;

    // RFC 1952 and 1951: a header without name or time, one stored block of 16 bytes, CRC-32 and length.
    readonly byte[] _member = Member(RandomNumberGenerator.GetBytes(NonceLength));
    int _sent;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How long what was unpacked is without the random bytes; false where it does not end with them.</summary>
    public bool TryEnd(ReadOnlySpan<byte> unpacked, out int length)
    {
        length = unpacked.Length - NonceLength;
        return unpacked.EndsWith(_member.AsSpan(15, NonceLength));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            read = Math.Min(buffer.Length, _member.Length - _sent);
            _member.AsSpan(_sent, read).CopyTo(buffer.Span);
            _sent += read;
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    static byte[] Member(byte[] nonce)
    {
        var crc = uint.MaxValue;
        foreach (var one in nonce)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB8_8320);
            }
        }

        return
        [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF,
            1, NonceLength, 0, unchecked((byte)~NonceLength), 0xFF, .. nonce,
            .. BitConverter.GetBytes(~crc), NonceLength, 0, 0, 0,
        ];
    }
}
