namespace Puppylog.Tests.Forwarding;

/// <summary>Between an agent and its server: a test decides what becomes of each request.</summary>
sealed class PlayedHandler(Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> play) : DelegatingHandler(new SocketsHttpHandler())
{
    public List<string> Keys { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.TryGetValues("Idempotency-Key", out var keys))
        {
            Keys.AddRange(keys);
        }

        return play(request, () => base.SendAsync(request, cancellationToken)).WaitAsync(cancellationToken);
    }
}
