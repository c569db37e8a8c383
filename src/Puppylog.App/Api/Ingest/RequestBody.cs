using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Puppylog.App.Api.Ingest;

/// <summary>A request's body, unpacked, in memory that the budget allows. Room grows with the bytes that come, never by what a length says.</summary>
sealed class RequestBody : IDisposable
{
    /// <summary>Bytes of a body, unpacked.</summary>
    public const int MaxLength = 64 << 20;

    /// <summary>What a byte of a body takes until it is stored: itself, its copy in a batch, and the places of the values.</summary>
    const int Weight = 3;

    const int FirstRoom = 16 << 10;
    const int BusySeconds = 1;

    readonly IntakeBudget _budget;
    byte[] _bytes;
    int _length;
    long _taken;

    RequestBody(IntakeBudget budget)
    {
        _budget = budget;
        _bytes = ArrayPool<byte>.Shared.Rent(FirstRoom);
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <exception cref="IngestException">It is too long, too much at the moment, or packed in a way that is not known.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context, IntakeBudget budget)
    {
        var request = context.Request;
        if (request.ContentLength > MaxLength)
        {
            throw TooLong();
        }

        var body = new RequestBody(budget);
        try
        {
            await body.FillAsync(Unpacked(request), context.RequestAborted);
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

    static IngestException TooLong() => new(StatusCodes.Status413PayloadTooLarge, $"the body is longer than {MaxLength} bytes, unpacked: send less at a time");

    static Stream Unpacked(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        return encoding switch
        {
            "" or "identity" or "none" or "snappy" => request.Body,
            "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
            "zstd" => throw new IngestException(StatusCodes.Status415UnsupportedMediaType, "Content-Encoding zstd is not supported: let the sender use gzip, deflate, br or none"),
            _ => throw new IngestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding '{encoding}' is not known: use gzip, deflate, br or none"),
        };
    }

    async Task FillAsync(Stream stream, CancellationToken cancellation)
    {
        await using (stream)
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
                if (_length > MaxLength)
                {
                    throw TooLong();
                }
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
