using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Puppylog.App.Api.Ingest;

/// <summary>A request's body, unpacked, in memory that the budget allows. Room grows with the bytes that come, never by what a length says.</summary>
sealed class RequestBody : IDisposable
{
    /// <summary>What a byte of a body takes until it is stored: itself, its copy in a batch, and the places of the values.</summary>
    public const int Weight = 3;

    const int FirstRoom = 16 << 10;
    const int BusySeconds = 1;

    readonly IntakeBudget _budget;
    readonly int _most;
    byte[] _bytes;
    int _length;
    long _taken;

    RequestBody(IntakeBudget budget, int most)
    {
        (_budget, _most) = (budget, most);
        _bytes = ArrayPool<byte>.Shared.Rent(FirstRoom);
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <exception cref="IngestException">It is too long, too much at the moment, or packed in a way that is not known.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context, IntakeBudget budget, int most)
    {
        var request = context.Request;
        if (request.ContentLength > most)
        {
            throw TooLong(most);
        }

        var body = new RequestBody(budget, most);
        try
        {
            await body.UnpackAsync(request, context.RequestAborted);
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            throw e switch
            {
                InvalidDataException => new IngestException(StatusCodes.Status400BadRequest, $"the body is not packed as Content-Encoding says, or cut off: {e.Message} Nothing of it is stored."),
                BadHttpRequestException bad => new IngestException(bad.StatusCode, bad.Message),
                _ => e,
            };
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
        _budget.Give(_taken);
        _taken = 0;
    }

    static IngestException TooLong(int most) => new(StatusCodes.Status413PayloadTooLarge, $"the body is longer than {most} bytes, unpacked: send less at a time, or let the server take more (max_body under server: in its configuration)");

    async Task UnpackAsync(HttpRequest request, CancellationToken cancellation)
    {
        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        switch (encoding)
        {
            case "" or "identity" or "none" or "snappy":
                await FillAsync(request.Body, cancellation);
                break;
            case "gzip" or "x-gzip":
                var closed = new ClosedStream(request.Body);
                await using (var gzip = new GZipStream(closed, CompressionMode.Decompress))
                {
                    await FillAsync(gzip, cancellation);
                }

                _length = closed.TryEnd(Bytes, out var length) ? length : throw new InvalidDataException("the gzip stream does not end.");
                break;
            case "deflate":
                await FillAsync(request.Body, cancellation);
                await InflateAsync(cancellation);
                break;
            case "zstd":
                throw new IngestException(StatusCodes.Status415UnsupportedMediaType, "Content-Encoding zstd is not supported: let the sender use gzip, deflate or none");
            default:
                throw new IngestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding '{encoding}' is not known: use gzip, deflate or none");
        }
    }

    /// <summary>Unpacks a zlib stream (RFC 1950), whose checksum is its last four bytes; one that is cut off ends with others.</summary>
    async Task InflateAsync(CancellationToken cancellation)
    {
        var packed = _bytes;
        var packedLength = _length;
        (_bytes, _length) = (ArrayPool<byte>.Shared.Rent(FirstRoom), 0);
        try
        {
            await using (var zlib = new ZLibStream(new MemoryStream(packed, 0, packedLength, writable: false), CompressionMode.Decompress))
            {
                await FillAsync(zlib, cancellation);
            }

            if (packedLength < 6 || BinaryPrimitives.ReadUInt32BigEndian(packed.AsSpan(packedLength - 4)) != Adler(Bytes))
            {
                throw new InvalidDataException("the deflate stream does not end.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    static uint Adler(ReadOnlySpan<byte> bytes)
    {
        uint a = 1, b = 0;
        while (!bytes.IsEmpty)
        {
            // So many sums fit into 32 bits.
            var run = bytes[..Math.Min(5552, bytes.Length)];
            foreach (var one in run)
            {
                a += one;
                b += a;
            }

            (a, b) = (a % 65521, b % 65521);
            bytes = bytes[run.Length..];
        }

        return (b << 16) | a;
    }

    async Task FillAsync(Stream stream, CancellationToken cancellation)
    {
        while (true)
        {
            if (_length == _bytes.Length)
            {
                Grow();
            }

            var read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellation);
            if (read == 0)
            {
                return;
            }

            _length += read;
            Take(_length * (long)Weight);
            if (_length > _most)
            {
                throw TooLong(_most);
            }
        }
    }

    void Take(long bytes)
    {
        if (bytes <= _taken)
        {
            return;
        }

        // In larger steps than reads come.
        var more = Math.Max(bytes - _taken, 1 << 20);
        if (!_budget.TryTake(more))
        {
            throw new IngestException(StatusCodes.Status429TooManyRequests, "too much is being stored at the moment: send it again a little later") { RetryAfter = BusySeconds };
        }

        _taken += more;
    }

    void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
