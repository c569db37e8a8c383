using System.Net;
using System.Net.Http.Headers;

namespace Puppylog.Forwarding;

/// <summary>A batch as a request's body, sent in small pieces so that a slow connection can be told from a dead one.</summary>
/// <param name="progress">Called whenever a piece was taken.</param>
sealed class BatchContent : HttpContent
{
    const int PieceLength = 64 << 10;

    readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;
    readonly Action _progress;

    public BatchContent(IReadOnlyList<ReadOnlyMemory<byte>> pieces, Action progress)
    {
        _pieces = pieces;
        _progress = progress;
        Headers.ContentType = new MediaTypeHeaderValue(BatchMessage.MediaType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces)
        {
            for (var at = 0; at < piece.Length; at += PieceLength)
            {
                await stream.WriteAsync(piece.Slice(at, Math.Min(PieceLength, piece.Length - at)), cancellationToken).ConfigureAwait(false);
                _progress();
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _pieces.Sum(piece => (long)piece.Length);
        return true;
    }
}
