using System.Security.Cryptography.X509Certificates;
using Puppylog.Forwarding;
using Puppylog.Tests.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Forwarding;

/// <summary>Whatever is wrong between an agent and its server is said in one sentence, and a batch waits until it is mended.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    readonly PlayedCertificates _certificates = new();

    public static TheoryData<string, string> Wrong => new()
    {
        { "authority", "its certificate is vouched for by 'the test's own', not by one of --ca" },
        { "unknown", "its certificate is vouched for by 'the test's own', which this machine does not know; --ca FILE names who may" },
        { "expired", "its certificate has expired on " },
        { "early", "its certificate is valid only from " },
        { "name", "its certificate is for logs.example.org, not for 127.0.0.1" },
        { "plain server", "it does not speak TLS there; without TLS the address begins with http" },
        { "plain agent", "it ends the connection without an answer; if it speaks TLS there, the address begins with https" },
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_said_and_the_batch_stored_once_when_it_is_mended(string wrong, string sentence)
    {
        var good = _certificates.Create("127.0.0.1", Now.AddDays(-1), Now.AddDays(1));
        var bad = wrong switch
        {
            "expired" => _certificates.Create("127.0.0.1", Now.AddDays(-20), Now.AddDays(-10)),
            "early" => _certificates.Create("127.0.0.1", Now.AddDays(10), Now.AddDays(20)),
            "name" => _certificates.Create("logs.example.org", Now.AddDays(-1), Now.AddDays(1)),
            "plain server" => null,
            _ => good,
        };
        await using var server = await TestServer.StartAsync(certificate: bad);
        var (scheme, authority) = wrong switch
        {
            "authority" => ("https", PlayedCertificates.Others),
            "unknown" => ("https", null),
            "plain agent" => ("http", null),
            _ => ("https", _certificates.Trusted),
        };
        await using var store = Open(server, scheme, authority);
        var commit = store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        while (store.Trouble is null)
        {
            await Task.Delay(5, Cancellation);
        }

        // Again and again the same sentence.
        await Task.Delay(100, Cancellation);
        Assert.StartsWith($"the server {scheme}://127.0.0.1:{server.Url.Port}/ cannot be reached ({sentence}", store.Trouble, StringComparison.Ordinal);
        Assert.EndsWith("); what is not sent waits", store.Trouble, StringComparison.Ordinal);
        Assert.True(store.Trouble.Length < 250, store.Trouble);
        Assert.False(commit.IsCompleted);

        // Mended at the server where it can be, else by another start of the agent.
        server.Certificate = scheme == "http" ? null : good;
        await server.StopAsync();
        await server.StartAgainAsync();
        if (wrong is "authority" or "unknown")
        {
            await using var next = Open(server, scheme, _certificates.Trusted);
            await next.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        }
        else
        {
            await commit;
            Assert.Null(store.Trouble);
        }

        Assert.Equal(["a"], await LineSink.ReadAsync(server.Store));
    }

    static HttpLogStore Open(TestServer server, string scheme, X509Certificate2Collection? authority)
    {
        var soon = TimeSpan.FromMilliseconds(5);
        var options = server.Options() with { Url = new UriBuilder(server.Url) { Scheme = scheme }.Uri, FirstPause = soon, LongestPause = soon, RefusedPause = soon };
        var certificate = new ServerCertificate(options.Url, authority, TimeProvider.System);
        return new(new ServerLink(options, ServerLink.Handler(certificate), TimeProvider.System, certificate), options, static _ => { }, static _ => { }, TimeProvider.System);
    }
}
