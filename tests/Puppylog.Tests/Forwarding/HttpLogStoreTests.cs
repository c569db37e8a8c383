using System.Net;
using System.Net.Http.Headers;
using Puppylog.Forwarding;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Tests.Played;
using Puppylog.Tests.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Forwarding;

public sealed class HttpLogStoreTests : IAsyncLifetime
{
    readonly List<string> _notices = [];
    readonly List<SourcePosition> _acknowledged = [];
    TestServer _server = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Batch_whose_answer_was_lost_is_sent_again_under_the_same_key_and_stored_once()
    {
        var lost = 0;
        var handler = new PlayedHandler(async (_, send) =>
        {
            var answer = await send();
            return ++lost <= 3 ? throw new HttpRequestException("the answer was lost") : answer;
        });
        await using var store = Open(handler, TimeProvider.System);
        var receipt = await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        Assert.Equal(1, receipt.Records);
        Assert.False(receipt.AlreadyStored);
        Assert.Equal(4, handler.Keys.Count);
        Assert.Single(handler.Keys.Distinct());
        Assert.Equal(["a"], await LineSink.ReadAsync(_server.Store));
        Assert.Equal([Position(10)], _acknowledged);
        Assert.Null(store.Trouble);
    }

    [Fact]
    public async Task Different_moves_have_different_keys()
    {
        var handler = new PlayedHandler((_, send) => send());
        await using var store = Open(handler, TimeProvider.System);
        await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        await store.CommitAsync(Commit(Batch("a"), Move(10, 20)), Cancellation);
        await store.CommitAsync(Commit(Batch("a")), Cancellation);
        await store.CommitAsync(Commit(Batch("a")), Cancellation);
        Assert.Equal(4, handler.Keys.Distinct().Count());
        Assert.Equal(["a", "a", "a", "a"], await LineSink.ReadAsync(_server.Store));
    }

    [Fact]
    public async Task Server_that_is_away_is_waited_for_and_its_order_kept()
    {
        await _server.StopAsync();
        await using var store = Open(null, TimeProvider.System);
        var commits = Enumerable.Range(0, 5).Select(i => store.CommitAsync(Commit(Batch($"{i}"), Move(i == 0 ? null : i, i + 1)), Cancellation)).ToList();
        while (store.Trouble is null)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.Contains("cannot be reached", store.Trouble, StringComparison.Ordinal);
        Assert.True(store.Trouble.Length < 200, store.Trouble);
        Assert.All(commits, commit => Assert.False(commit.IsCompleted));
        await _server.StartAgainAsync();
        await Task.WhenAll(commits);
        Assert.Null(store.Trouble);
        Assert.Equal(["0", "1", "2", "3", "4"], await LineSink.ReadAsync(_server.Store));
    }

    [Fact]
    public async Task Positions_are_waited_for_and_that_is_said_once()
    {
        await _server.StopAsync();
        await using var store = Open(null, TimeProvider.System);
        var reading = store.ReadPositionsAsync(Cancellation).AsTask();
        await Task.Delay(100, Cancellation);
        Assert.False(reading.IsCompleted);
        await _server.StartAgainAsync();
        Assert.Empty(await reading);
        Assert.Equal(2, _notices.Count);
        Assert.Contains("cannot be reached", _notices[0], StringComparison.Ordinal);
        Assert.EndsWith("answers", _notices[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "too much to do")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "cannot store at the moment")]
    [InlineData(HttpStatusCode.Unauthorized, "refuses this agent")]
    [InlineData(HttpStatusCode.BadRequest, "refuses what it is sent (400")]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, "takes no request as long as this batch (413: Request Entity Too Large); it is kept and sent again")]
    [InlineData(HttpStatusCode.NotFound, "refuses what it is sent (404")]
    public async Task Refusal_is_shown_and_the_batch_kept(HttpStatusCode status, string trouble)
    {
        var refusals = 0;
        ILogStore? store = null;
        var shown = "";
        var handler = new PlayedHandler((_, send) =>
        {
            shown = store!.Trouble ?? shown;
            return ++refusals <= 3 ? Task.FromResult(new HttpResponseMessage(status)) : send();
        });
        store = Open(handler, TimeProvider.System);
        await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        Assert.Contains(trouble, shown, StringComparison.Ordinal);
        Assert.Equal(["a"], await LineSink.ReadAsync(_server.Store));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Asked_pause_is_kept()
    {
        var requests = 0;
        var handler = new PlayedHandler((_, send) =>
        {
            if (Interlocked.Increment(ref requests) > 1)
            {
                return send();
            }

            var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            busy.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(30));
            return Task.FromResult(busy);
        });
        var clock = new PlayedClock();
        await using var store = Open(handler, clock);
        var commit = store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        while (store.Trouble is null)
        {
            await Task.Delay(5, Cancellation);
        }

        await Task.Delay(20, Cancellation);
        clock.Advance(TimeSpan.FromSeconds(29));
        await Task.Delay(50, Cancellation);
        Assert.Equal(1, requests);
        clock.Advance(TimeSpan.FromSeconds(1));
        await commit;
        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task Server_that_says_nothing_is_given_up_and_asked_again()
    {
        var requests = 0;
        var handler = new PlayedHandler((_, send) => ++requests > 1 ? send() : new TaskCompletionSource<HttpResponseMessage>().Task);
        var clock = new PlayedClock();
        await using var store = Open(handler, clock);
        var commit = store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        while (!commit.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal(["a"], await LineSink.ReadAsync(_server.Store));
    }

    [Fact]
    public async Task Answer_of_something_else_is_no_success()
    {
        var requests = 0;
        var handler = new PlayedHandler((_, send) =>
            ++requests > 2 ? send() : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>welcome</html>") }));
        await using var store = Open(handler, TimeProvider.System);
        await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        Assert.Equal(3, requests);
        Assert.Equal(["a"], await LineSink.ReadAsync(_server.Store));
    }

    [Fact]
    public async Task Cancelled_commit_ends_though_the_server_is_away()
    {
        await _server.StopAsync();
        await using var store = Open(null, TimeProvider.System);
        using var cancellation = new CancellationTokenSource();
        var first = store.CommitAsync(Commit(Batch("a"), Move(null, 10)), cancellation.Token);
        var second = store.CommitAsync(Commit(Batch("b"), Move(10, 20)), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task Agents_have_positions_of_their_own()
    {
        await using var one = Open(null, TimeProvider.System, "one");
        await using var other = Open(null, TimeProvider.System, "other");
        await one.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        await other.CommitAsync(Commit(Batch("b"), Move(null, 20)), Cancellation);
        Assert.Equal([Position(10)], await one.ReadPositionsAsync(Cancellation));
        Assert.Equal([Position(20)], await other.ReadPositionsAsync(Cancellation));
        Assert.All(await _server.Store.ReadPositionsAsync(Cancellation), position => Assert.False(position.IsLocal));
    }

    HttpLogStore Open(PlayedHandler? handler, TimeProvider clock, string agent = "a1")
    {
        var soon = TimeSpan.FromMilliseconds(5);
        var options = _server.Options(agent);
        options = clock is PlayedClock ? options : options with { FirstPause = soon, LongestPause = soon, RefusedPause = soon };
        // The link lives as long as the test.
        var link = new ServerLink(options, (HttpMessageHandler?)handler ?? ServerLink.Handler(null), clock);
        return new(link, options, _notices.Add, _acknowledged.Add, clock);
    }
}
