using System.Buffers;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>A message that came, in a pooled buffer.</summary>
sealed class Message(MessageKind kind, long id, byte[] buffer, int start, int length) : IDisposable
{
    byte[]? _buffer = buffer;

    public MessageKind Kind { get; } = kind;

    /// <summary>The request that it belongs to, as its sender counts; 0 for none.</summary>
    public long Id { get; } = id;

    public ReadOnlyMemory<byte> Payload { get; } = buffer.AsMemory(start, length);

    public FixedReader Reader() => new(Payload.Span);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
