using Puppylog.Query.Execution;
using Puppylog.Storage;

namespace Puppylog.App.Cli.Search;

/// <summary>Searches a store, and follows it where that was asked.</summary>
static class StoreSearch
{
    public static async Task RunAsync(SearchRequest request, ILogStore store, ResultWriter writer, CancellationToken cancellationToken)
    {
        if (!request.Follow)
        {
            await store.QueryAsync(request.LimitedQuery, writer, cancellationToken).ConfigureAwait(false);
            writer.Complete();
            return;
        }

        // Watching begins before the search, so that nothing falls between the two; what the search has covered is left out.
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var commits = store.WatchAsync(watching.Token).GetAsyncEnumerator(watching.Token);
        await using (commits.ConfigureAwait(false))
        {
            var next = commits.MoveNextAsync().AsTask();
            var covered = 0L;
            if (request.Limit != 0)
            {
                try
                {
                    covered = await store.QueryAsync(request.LimitedQuery, writer, cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    // What watches must have ended before it can be disposed of.
                    await watching.CancelAsync().ConfigureAwait(false);
                    await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw;
                }

                writer.Complete();
            }

            while (await next.ConfigureAwait(false))
            {
                if (commits.Current.Commit > covered)
                {
                    await QueryExecutor.RunAsync(request.Query, commits.Current.Blocks, writer, cancellationToken).ConfigureAwait(false);
                    writer.Complete();
                }

                next = commits.MoveNextAsync().AsTask();
            }
        }
    }
}
