using System.Buffers;
using System.Buffers.Binary;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>
/// Messages over a stream, each <c>length u32 · version u8 · kind u8 · id i64 · payload</c>, little-endian; the length counts
/// what follows it. Sending is thread-safe and in the order of the calls; reading has one owner.
/// </summary>
sealed class MessageStream(Stream stream) : IAsyncDisposable
{
    /// <summary>The longest message: many times the largest commit of a collector, and a bound for what strangers send.</summary>
    public const int MaxLength = 256 << 20;

    const byte Version = 1;
    const int HeaderLength = 10;

    // Memory is taken as bytes come, never because a length says so.
    const int FirstBuffer = 64 << 10;

    readonly SemaphoreSlim _sending = new(1);

    /// <exception cref="FormatException">What came is no message.</exception>
    /// <exception cref="EndOfStreamException">The other side has gone.</exception>
    public async Task<Message> ReadAsync(CancellationToken cancellationToken)
    {
        var prefix = new byte[4];
        await stream.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length is < HeaderLength or > MaxLength)
        {
            throw new FormatException($"a message of {length} bytes");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, FirstBuffer));
        try
        {
            for (var filled = 0; filled < length;)
            {
                if (filled == buffer.Length)
                {
                    buffer = Grow(buffer, (int)Math.Min(length, buffer.Length * 2L));
                }

                var read = await stream.ReadAsync(buffer.AsMemory(filled, (int)Math.Min(length, buffer.Length) - filled), cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }

                filled += read;
            }

            if (buffer[0] != Version)
            {
                throw new FormatException($"a message of version {buffer[0]}");
            }

            var id = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(2));
            return new((MessageKind)buffer[1], id, buffer, HeaderLength, (int)length - HeaderLength);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <exception cref="LogStoreException">It is longer than messages may be.</exception>
    public async Task SendAsync(
        MessageKind kind, long id, ReadOnlyMemory<byte> payload, IReadOnlyList<ReadOnlyMemory<byte>> rest, CancellationToken cancellationToken)
    {
        var length = HeaderLength + (long)payload.Length + rest.Sum(piece => (long)piece.Length);
        if (length > MaxLength)
        {
            throw new LogStoreException($"a commit of {length} bytes is more than can be handed to the process that writes the store");
        }

        var head = new byte[4 + HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)length);
        head[4] = Version;
        head[5] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(6), id);
        payload.CopyTo(head.AsMemory(4 + HeaderLength));
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A message once begun is sent whole: half of one would make nonsense of the rest.
            await stream.WriteAsync(head, CancellationToken.None).ConfigureAwait(false);
            foreach (var piece in rest)
            {
                await stream.WriteAsync(piece, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task SendAsync(MessageKind kind, long id, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        SendAsync(kind, id, payload, [], cancellationToken);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    static byte[] Grow(byte[] buffer, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
