using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Api;
using Puppylog.App.Cli;
using Puppylog.Configuration;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Storage;

namespace Puppylog.Tests.Api;

/// <summary>Turns, times and mistakes of everything that is asked of a server.</summary>
public sealed class AnswerDeskTests
{
    static readonly QueryLimits Few = new() { MaxConcurrent = 2, MaxFollowers = 2, MaxWait = TimeSpan.FromMilliseconds(50) };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static AnswerDesk Desk(QueryLimits limits) => new(new(null!, null, null, TimeProvider.System), limits);

    [Fact]
    public async Task All_queries_take_turns_together_and_nothing_else_waits_for_them()
    {
        var desk = Desk(Few);
        var end = new TaskCompletionSource();
        var running = new[] { StartAsync(desk, Pace.Query, end.Task), StartAsync(desk, Pace.Query, end.Task) };
        var late = await AskAsync(desk, Pace.Query);
        Assert.Equal((429, "1", "2 queries are running, and others wait: ask again a little later"), (late.Status, late.RetryAfter, late.Error));
        Assert.Equal(200, (await AskAsync(desk, Pace.Brief)).Status);
        Assert.Equal(200, (await AskAsync(desk, Pace.Endless)).Status);
        end.SetResult();
        Assert.All(await Task.WhenAll(running), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, (await AskAsync(desk, Pace.Query)).Status);
    }

    [Fact]
    public async Task A_query_gets_the_turn_of_one_that_ends_while_it_waits()
    {
        var desk = Desk(Few with { MaxWait = TimeSpan.FromMinutes(1) });
        TaskCompletionSource first = new(), second = new();
        var running = new[] { StartAsync(desk, Pace.Query, first.Task), StartAsync(desk, Pace.Query, second.Task) };
        var waiting = AskAsync(desk, Pace.Query);
        Assert.False(waiting.IsCompleted);
        first.SetException(new LogStoreException("no"));
        Assert.Equal(200, (await waiting).Status);
        second.SetResult();
        Assert.Equal([503, 200], (await Task.WhenAll(running)).Select(answer => answer.Status));
    }

    [Fact]
    public async Task What_goes_on_for_ever_is_bounded_by_itself_and_has_a_turn_only_for_its_beginning()
    {
        var desk = Desk(Few with { MaxConcurrent = 1 });
        TaskCompletionSource begun = new(), goOn = new(), end = new();
        var first = AskAsync(desk, Pace.Endless, async (_, cancellation) =>
        {
            using (await desk.TakeTurnAsync(cancellation))
            {
                begun.SetResult();
                await goOn.Task;
            }

            await end.Task;
        });
        await begun.Task;
        Assert.Equal(429, (await AskAsync(desk, Pace.Query)).Status);
        goOn.SetResult();
        var second = StartAsync(desk, Pace.Endless, end.Task);
        Assert.Equal(200, (await AskAsync(desk, Pace.Query)).Status);
        var third = await AskAsync(desk, Pace.Endless);
        Assert.Equal((429, "5", "2 tails are being followed already: ask again when one has ended"), (third.Status, third.RetryAfter, third.Error));
        end.SetResult();
        Assert.All(await Task.WhenAll(first, second), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, (await AskAsync(desk, Pace.Endless)).Status);
    }

    public static TheoryData<string, int, string?> Failures => new()
    {
        { "request", 400, null },
        { "missing", 404, null },
        { "usage", 400, null },
        { "query", 400, null },
        { "configuration", 400, null },
        { "memory", 422, null },
        { "too long", 413, null },
        { "store", 503, "5" },
        { "file", 503, "5" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failure_is_told(string failure, int status, string? retryAfter)
    {
        foreach (var pace in Enum.GetValues<Pace>())
        {
            var answer = await AskAsync(Desk(Few), pace, (_, _) => throw Mistake(failure));
            Assert.Equal((status, retryAfter), (answer.Status, answer.RetryAfter));
            Assert.NotEmpty(answer.Error!);
            Assert.Equal(failure == "query", answer.Body.Contains("\"position\":2,\"message\":\"no\"", StringComparison.Ordinal));
            Assert.Equal(failure == "configuration", answer.Body.Contains("\"mistakes\":[{\"message\":\"no\",\"file\":\"f\",\"line\":3,\"column\":4}]", StringComparison.Ordinal));
        }

        static Exception Mistake(string failure) => failure switch
        {
            "request" => new RequestException("no"),
            "missing" => new RequestException(404, "no"),
            "usage" => new UsageException("no"),
            "query" => new LogsqlException("a b", 2, "no"),
            "configuration" => new ConfigurationException([new Mistake("f", new(3, 4), "no")]),
            "memory" => new QueryMemoryException(1),
            "too long" => new BadHttpRequestException("no", 413),
            "store" => new LogStoreException("no"),
            _ => new IOException("no"),
        };
    }

    [Theory]
    [InlineData("?timeout=20ms", "it did not end within 0.02 s: ask for less, or for longer with timeout=…")]
    [InlineData("?timeout=1h", "it did not end within 0.05 s: ask for less")]
    [InlineData("", "it did not end within 0.05 s: ask for less")]
    public async Task What_takes_too_long_is_ended(string address, string expected)
    {
        foreach (var pace in (Pace[])[Pace.Query, Pace.Brief])
        {
            var answer = await AskAsync(Desk(Few with { MaxDuration = TimeSpan.FromMilliseconds(50) }), pace, (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation), address);
            Assert.Equal((503, expected), (answer.Status, answer.Error));
        }
    }

    [Theory]
    [InlineData("?timeout=0s")]
    [InlineData("?timeout=soon")]
    public async Task Odd_time_is_a_mistake(string address) => Assert.Equal(400, (await AskAsync(Desk(Few), Pace.Query, address: address)).Status);

    [Fact]
    public async Task Who_has_gone_is_told_nothing()
    {
        using var gone = new CancellationTokenSource();
        var context = Context("");
        context.RequestAborted = gone.Token;
        var answer = Desk(Few).AnswerAsync(context, Pace.Query, (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        await gone.CancelAsync();
        await answer;
        Assert.Equal((499, 0), (context.Response.StatusCode, context.Response.Body.Length));
    }

    static Task<Told> StartAsync(AnswerDesk desk, Pace pace, Task end) => AskAsync(desk, pace, (_, _) => end);

    static async Task<Told> AskAsync(AnswerDesk desk, Pace pace, Func<RequestArguments, CancellationToken, Task>? answer = null, string address = "")
    {
        var context = Context(address);
        await desk.AnswerAsync(context, pace, answer ?? ((_, _) => Task.CompletedTask)).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        var body = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        var retryAfter = context.Response.Headers.RetryAfter.ToString();
        return new(context.Response.StatusCode, retryAfter is "" ? null : retryAfter, body, body is "" ? null : JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
    }

    static DefaultHttpContext Context(string address)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new(address);
        context.Response.Body = new MemoryStream();
        return context;
    }

    sealed record Told(int Status, string? RetryAfter, string Body, string? Error);
}
