using Microsoft.AspNetCore.Http;
using Puppylog.App.Hosting;
using Puppylog.Intake;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Ingest;

/// <summary>A request that brings records, while it is answered.</summary>
/// <param name="context">The request.</param>
/// <param name="state">The server.</param>
/// <param name="body">Its body, unpacked.</param>
/// <param name="options">How the sender wants it read.</param>
/// <param name="processing">What is done with all that is sent.</param>
sealed class IngestCall(HttpContext context, ServerState state, RequestBody body, IntakeOptions options, IntakeProcessing processing)
{
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Goes before the keys of clients: those of agents begin otherwise.</summary>
    const string KeyPrefix = "client:";

    const int LongestKey = 200;

    public HttpContext Context => context;

    public IntakeOptions Options => options;

    public ReadOnlySpan<byte> Body => body.Bytes;

    public int MaxBody => state.MaxBody;

    public string ContentType { get; } = (context.Request.ContentType ?? "").ToLowerInvariant();

    /// <summary>The records of the body.</summary>
    public IntakeBatches Batches { get; } = new(options, state.Clock, processing);

    /// <summary>Records that are stored; by an earlier request where the key was known.</summary>
    public long Stored { get; private set; }

    /// <summary>Records that processors dropped; nothing is known of them where an earlier request brought them.</summary>
    public long Dropped { get; private set; }

    /// <summary>Stores the records; when it ends well they are on disk.</summary>
    /// <exception cref="IngestException">The key is none.</exception>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    public async Task<CommitReceipt> StoreAsync()
    {
        var key = Key();
        using var turn = key is null ? null : await state.IngestKeys.TakeAsync(key, context.RequestAborted);
        if (key is not null && ((IEmbeddedStore)state.Store).FindStored(key) is { } known)
        {
            Stored = known.Records;
            return known;
        }

        var batches = Batches.Complete();
        var (records, dropped) = (batches.Sum(batch => (long)batch.Count), Batches.Dropped);
        // A key is kept where all was dropped, too: a limit must not let it pass when it comes again.
        var receipt = records > 0 || (key is not null && dropped > 0) ? await CommitAsync(batches, key) : default;
        (Stored, Dropped) = (records, dropped);
        Count();
        return receipt;
    }

    async Task<CommitReceipt> CommitAsync(IReadOnlyList<RecordBatch> batches, string? key)
    {
        try
        {
            return await state.Store.CommitAsync(new(batches, [], key is null ? [] : [key]), context.RequestAborted);
        }
        catch
        {
            processing.Forget();
            throw;
        }
    }

    void Count()
    {
        var counters = state.Ingested;
        counters.AddRead(Stored + Dropped + Batches.Rejections.Count);
        counters.AddStored(Stored);
        counters.AddInvalid(Batches.Rejections.Count);
        counters.AddRedacted(Batches.Redacted);
        foreach (var done in Batches.Processed)
        {
            counters.Add(done);
        }
    }

    string? Key()
    {
        var key = context.Request.Headers[KeyHeader].ToString();
        return key.Length <= LongestKey ? key is "" ? null : KeyPrefix + key
            : throw new IngestException(StatusCodes.Status400BadRequest, $"{KeyHeader} is longer than {LongestKey} characters");
    }
}
