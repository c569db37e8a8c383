using Microsoft.AspNetCore.Http;
using Puppylog.App.Hosting;
using Puppylog.Intake;
using Puppylog.Storage;

namespace Puppylog.App.Api.Ingest;

/// <summary>A request that brings records, while it is answered.</summary>
/// <param name="context">The request.</param>
/// <param name="state">The server.</param>
/// <param name="body">Its body, unpacked.</param>
/// <param name="options">How the sender wants it read.</param>
sealed class IngestCall(HttpContext context, ServerState state, RequestBody body, IntakeOptions options)
{
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Goes before the keys of clients: those of agents begin otherwise.</summary>
    const string KeyPrefix = "client:";

    const int LongestKey = 200;

    public HttpContext Context => context;

    public IntakeOptions Options => options;

    public ReadOnlySpan<byte> Body => body.Bytes;

    public string ContentType { get; } = (context.Request.ContentType ?? "").ToLowerInvariant();

    /// <summary>The records of the body.</summary>
    public IntakeBatches Batches { get; } = new(options, state.Clock);

    /// <summary>Stores the records; when it ends well they are on disk.</summary>
    /// <exception cref="IngestException">The key is none.</exception>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    public async Task<CommitReceipt> StoreAsync()
    {
        IReadOnlyList<string> keys = Key() is { } key ? [KeyPrefix + key] : [];
        var batches = Batches.Complete();
        return batches.Count == 0
            ? default
            : await state.Store.CommitAsync(new(batches, [], keys), context.RequestAborted);
    }

    string? Key()
    {
        var key = context.Request.Headers[KeyHeader].ToString();
        return key.Length <= LongestKey ? key is "" ? null : key
            : throw new IngestException(StatusCodes.Status400BadRequest, $"{KeyHeader} is longer than {LongestKey} characters");
    }
}
