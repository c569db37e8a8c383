using Puppylog.Forwarding;
using Puppylog.Storage;
using Puppylog.Tests.Storage;

namespace Puppylog.Tests.Forwarding;

/// <summary>The contract as an agent fulfils it, over HTTP; an agent answers no queries, so that its server is asked.</summary>
public sealed class HttpContractTests : LogStoreContract, IAsyncDisposable
{
    readonly List<ServerLink> _links = [];
    TestServer? _server;

    public async ValueTask DisposeAsync()
    {
        _links.ForEach(link => link.Dispose());
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    internal override async Task<ILogStore> OpenAsync()
    {
        _server ??= await TestServer.StartAsync();
        var options = _server.Options();
        var link = new ServerLink(options, ServerLink.Handler(null), TimeProvider.System);
        _links.Add(link);
        return new ForwardedStore(new HttpLogStore(link, options, _ => { }, _ => { }, TimeProvider.System), _server.Store);
    }
}
