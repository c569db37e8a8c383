using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Cli;
using Puppylog.App.Hosting;
using Puppylog.Configuration;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Api;

/// <summary>
/// Where all that is asked of records and resources is answered: lets queries take turns, ends those that take too long, and
/// tells mistakes. One for the server, so that its limits are those of the server.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing; it lives as long as the server.")]
sealed class AnswerDesk(ServerState state, QueryLimits limits)
{
    const int BusySeconds = 1;
    const int HinderedSeconds = 5;

    /// <summary>The client went before it was answered, as nginx numbers it; nobody sees it.</summary>
    const int ClientGone = 499;

    readonly SemaphoreSlim _turn = new(limits.MaxConcurrent);
    int _followers;

    public ServerState State => state;

    public QueryLimits Limits => limits;

    public Task AnswerAsync(HttpContext context, Pace pace, Func<RequestArguments, CancellationToken, Task> answer) => AnswerAsync(context, _ => pace, answer);

    /// <summary>Answers a request, or says why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pace">How long it goes on, by its arguments.</param>
    /// <param name="answer">Answers it.</param>
    public async Task AnswerAsync(HttpContext context, Func<RequestArguments, Pace> pace, Func<RequestArguments, CancellationToken, Task> answer)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, state.Stopping);
        var time = limits.MaxDuration;
        try
        {
            var arguments = await RequestArguments.ReadAsync(context);
            var asked = pace(arguments);
            if (asked == Pace.Endless)
            {
                await FollowAsync(() => answer(arguments, stop.Token));
                return;
            }

            time = Time(arguments);
            using var turn = asked == Pace.Query ? await TakeTurnAsync(time, stop.Token) : new(this, null, time, stop.Token);
            await answer(arguments, turn.Cancellation);
        }
        catch (Exception mistake) when (Refusal(mistake, time) is { } refusal)
        {
            if (context.Response.HasStarted)
            {
                // An answer that has begun is broken off, so that nobody takes it for a whole one.
                context.Abort();
            }
            else if (context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = ClientGone;
            }
            else
            {
                await SendAsync(context, refusal);
            }
        }
    }

    /// <summary>For what goes on without end and begins with a query.</summary>
    /// <exception cref="RequestException">Others go before for too long.</exception>
    public Task<Turn> TakeTurnAsync(CancellationToken cancellationToken) => TakeTurnAsync(limits.MaxDuration, cancellationToken);

    async Task<Turn> TakeTurnAsync(TimeSpan time, CancellationToken cancellationToken) => await _turn.WaitAsync(limits.MaxWait, cancellationToken)
        ? new(this, _turn, time, cancellationToken)
        : throw new RequestException(StatusCodes.Status429TooManyRequests, $"{limits.MaxConcurrent} queries are running, and others wait: ask again a little later") { RetryAfter = BusySeconds };

    async Task FollowAsync(Func<Task> answer)
    {
        try
        {
            if (Interlocked.Increment(ref _followers) > limits.MaxFollowers)
            {
                throw new RequestException(StatusCodes.Status429TooManyRequests, $"{limits.MaxFollowers} tails are being followed already: ask again when one has ended") { RetryAfter = HinderedSeconds };
            }

            await answer();
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    /// <exception cref="RequestException">The time is none.</exception>
    TimeSpan Time(RequestArguments arguments)
    {
        if (arguments.Duration("timeout") is not { } nanoseconds)
        {
            return limits.MaxDuration;
        }

        var time = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        return time <= TimeSpan.Zero ? throw new RequestException("timeout takes a duration above 0") : time < limits.MaxDuration ? time : limits.MaxDuration;
    }

    /// <summary>How a failure is answered; null for what nobody foresaw.</summary>
    (int Status, RequestRefusal Refusal, int? RetryAfter)? Refusal(Exception mistake, TimeSpan time) => mistake switch
    {
        RequestException own => (own.Status, new(own.Message), own.RetryAfter),
        ConfigurationException wrong => (StatusCodes.Status400BadRequest, Mistakes(wrong), null),
        LogsqlException query => (StatusCodes.Status400BadRequest, new(query.Describe(), query.Query, query.Position, query.Message), null),
        UsageException => (StatusCodes.Status400BadRequest, new(mistake.Message.Replace("\npuppylog: ", "\n", StringComparison.Ordinal)), null),
        // What the command line calls otherwise.
        QueryMemoryException => (StatusCodes.Status422UnprocessableEntity, new(mistake.Message.Replace("--max-query-memory", "query_memory under server: in the server's configuration", StringComparison.Ordinal)), null),
        BadHttpRequestException bad => (bad.StatusCode, new(bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "the body is too long" : bad.Message), null),
        OperationCanceledException when state.Stopping.IsCancellationRequested => (StatusCodes.Status503ServiceUnavailable, new("the server ends"), HinderedSeconds),
        OperationCanceledException => (StatusCodes.Status503ServiceUnavailable, new($"it did not end within {time.TotalSeconds:0.###} s: ask for less{(time < limits.MaxDuration ? ", or for longer with timeout=…" : "")}"), null),
        LogStoreException or CorruptDataException or IOException or WebSocketException => (StatusCodes.Status503ServiceUnavailable, new(mistake.Message), HinderedSeconds),
        _ => null,
    };

    static RequestRefusal Mistakes(ConfigurationException wrong)
    {
        List<BodyMistake> mistakes = [.. wrong.Mistakes.Select(mistake => new BodyMistake(mistake.Message, mistake.File == BodyReader.Name ? null : mistake.File, mistake.Place?.Line, mistake.Place?.Column))];
        return new(string.Join('\n', wrong.Mistakes.Select(mistake => mistake.File == BodyReader.Name ? mistake.Message : mistake.ToString())), Mistakes: mistakes);
    }

    static Task SendAsync(HttpContext context, (int Status, RequestRefusal Refusal, int? RetryAfter) refusal)
    {
        if (refusal.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return Answers.SendAsync(context, refusal.Status, refusal.Refusal, ApiJson.Default.RequestRefusal);
    }

    /// <summary>The time that a request may take; other queries come when it is disposed of.</summary>
    public sealed class Turn : IDisposable
    {
        readonly CancellationTokenSource _stop;
        readonly ITimer _timer;
        readonly SemaphoreSlim? _taken;

        public Turn(AnswerDesk desk, SemaphoreSlim? taken, TimeSpan time, CancellationToken cancellationToken)
        {
            _taken = taken;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _timer = desk.State.Clock.CreateTimer(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop, time, Timeout.InfiniteTimeSpan);
        }

        /// <summary>The client has gone, the time is up, or the server ends.</summary>
        public CancellationToken Cancellation => _stop.Token;

        public void Dispose()
        {
            _timer.Dispose();
            _taken?.Release();
            _stop.Dispose();
        }
    }
}
