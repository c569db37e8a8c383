using System.Net;
using Puppylog.App.Hosting;
using Puppylog.Forwarding;
using Puppylog.Processing.Options;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Forwarding;

/// <summary>A server with a store of its own, on a port of its own.</summary>
sealed class TestServer : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly string? _token;
    WebServer? _web;

    TestServer(string? token) => _token = token;

    public ILogStore Store { get; private set; } = null!;

    public ServerState State { get; private set; } = null!;

    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>A file with the certificate that it shows from the next start on; null: no TLS.</summary>
    public string? Certificate { get; set; }

    /// <summary>What is done with what comes over HTTP.</summary>
    public IReadOnlyList<ProcessorOptions> Processors { get; init; } = [];

    /// <summary>While true, the store takes nothing that is sent.</summary>
    public bool Refuses { get; set; }

    public static async Task<TestServer> StartAsync(string? token = null, string? certificate = null, IReadOnlyList<ProcessorOptions>? processors = null)
    {
        var server = new TestServer(token) { Certificate = certificate, Processors = processors ?? [] };
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Opens the store and listens, on the port of before.</summary>
    public async Task StartAgainAsync()
    {
        Store = await EmbeddedStore.OpenWriterAsync(_directory.Data, new EmbeddedStoreOptions(TimeProvider.System), CancellationToken.None);
        var taking = Processors.Count == 0 ? Store : new RefusingStore(Store, () => Refuses);
        State = new(taking, null, null, TimeProvider.System) { Processing = new(Processors, null, TimeProvider.System) };
        _web = await WebServer.StartAsync(new(new IPEndPoint(IPAddress.Loopback, Url.Port), _token, Certificate, null), State, CancellationToken.None);
        Url = _web.Address;
    }

    public async Task StopAsync()
    {
        if (_web is not null)
        {
            await _web.DisposeAsync();
            await Store.DisposeAsync();
            _web = null;
        }
    }

    public ServerOptions Options(string agent = "a1", string? token = null) => new(Url, agent, token, "host");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }
}
