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

        // Watching begins before the search: nothing falls between the two, and what is in both is printed once.
        var seen = new SeenRows(writer);
        var commits = store.WatchAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (commits.ConfigureAwait(false))
        {
            var next = commits.MoveNextAsync().AsTask();
            if (request.Limit != 0)
            {
                await store.QueryAsync(request.LimitedQuery, seen, cancellationToken).ConfigureAwait(false);
                writer.Complete();
            }

            var mayRepeat = true;
            while (true)
            {
                mayRepeat &= next.IsCompleted;
                if (!await next.ConfigureAwait(false))
                {
                    return;
                }

                var sink = mayRepeat ? seen.Unseen() : writer;
                await QueryExecutor.RunAsync(request.Query, commits.Current.Blocks, sink, cancellationToken).ConfigureAwait(false);
                writer.Complete();
                next = commits.MoveNextAsync().AsTask();
            }
        }
    }
}
