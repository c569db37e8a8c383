using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Tests.Forwarding;

/// <summary>Stores through an agent's store and asks the server's.</summary>
sealed class ForwardedStore(ILogStore agent, ILogStore server) : ILogStore
{
    public string? Trouble => agent.Trouble;

    public ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) => agent.ReadPositionsAsync(cancellationToken);

    public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken) => agent.CommitAsync(request, cancellationToken);

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) => server.QueryAsync(query, sink, cancellationToken);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) => server.WatchAsync(cancellationToken);

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
