using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>Encodes commits on the thread pool, as many blocks at a time as there are processors.</summary>
sealed class CommitEncoder(IBlockCodec codec) : IDisposable
{
    static readonly int[] Identity = [.. Enumerable.Range(0, RecordBatch.MaxRecords)];

    /// <summary>Columns that are asked for when a commit is stored; null where none is.</summary>
    public Func<IReadOnlySet<string>?> Kept { get; init; } = () => null;

    readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);

    /// <summary>Encodes; the request's batches are not touched any more when the task ends.</summary>
    public async Task<EncodedCommit> EncodeAsync(CommitRequest request)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var parts = BatchSplitter.Split(request.Batches);
        var blocks = parts.ConvertAll(EncodeAsync);
        try
        {
            await Task.WhenAll(blocks).ConfigureAwait(false);
        }
        catch
        {
            foreach (var block in blocks.Where(block => block.IsCompletedSuccessfully))
            {
                (await block.ConfigureAwait(false)).Dispose();
            }

            throw;
        }

        var encoded = new EncodedPart[parts.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = new(parts[i].Day, await blocks[i].ConfigureAwait(false));
        }

        return new(encoded, request.Positions, request.IdempotencyKeys);
    }

    public void Dispose() => _processors.Dispose();

    async Task<PooledBlock> EncodeAsync(BatchPart part)
    {
        await _processors.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => codec.Encode(part.Batch, Rows(part), Kept())).ConfigureAwait(false);
        }
        finally
        {
            _processors.Release();
        }
    }

    static ReadOnlySpan<int> Rows(BatchPart part)
    {
        var count = part.Batch.Count;
        if (part.Rows is { } rows)
        {
            return rows;
        }

        return count <= Identity.Length ? Identity.AsSpan(0, count) : Enumerable.Range(0, count).ToArray();
    }
}
