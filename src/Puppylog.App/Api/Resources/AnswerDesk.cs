using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Api.Select;
using Puppylog.App.Cli;
using Puppylog.App.Hosting;
using Puppylog.Configuration;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Api.Resources;

/// <summary>Lets requests take turns, ends those that take too long, and tells mistakes.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing; it lives as long as the server.")]
sealed class AnswerDesk(ServerState state, SelectLimits limits)
{
    const int BusySeconds = 1;

    readonly SemaphoreSlim _turn = new(limits.MaxConcurrent);

    /// <summary>Answers a request, or says why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">Answers it.</param>
    /// <param name="isEndless">True for what goes on until the client has gone, and takes no turn; null where nothing does.</param>
    public async Task AnswerAsync(HttpContext context, Func<ResourceCall, Task> answer, Func<RequestArguments, bool>? isEndless = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, state.Stopping);
        try
        {
            var arguments = await RequestArguments.ReadAsync(context);
            if (isEndless?.Invoke(arguments) ?? false)
            {
                await answer(new(context, state, arguments, stop.Token));
                return;
            }

            if (!await _turn.WaitAsync(limits.MaxWait, stop.Token))
            {
                await Answers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, new($"{limits.MaxConcurrent} requests are being answered, and others wait"), BusySeconds);
                return;
            }

            try
            {
                using var timer = state.Clock.CreateTimer(_ => stop.Cancel(), null, limits.MaxDuration, Timeout.InfiniteTimeSpan);
                await answer(new(context, state, arguments, stop.Token));
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception mistake) when (Refusal(mistake) is { } refusal)
        {
            if (context.Response.HasStarted)
            {
                // An answer that has begun is broken off, so that nobody takes it for a whole one.
                context.Abort();
            }
            else if (!context.RequestAborted.IsCancellationRequested)
            {
                await refusal(context);
            }
        }
    }

    /// <summary>How a failure is answered; null for what nobody foresaw.</summary>
    Func<HttpContext, Task>? Refusal(Exception mistake) => mistake switch
    {
        ResourceException own => context => Answers.RefuseAsync(context, own.Status, new(own.Message)),
        ConfigurationException wrong => context => Answers.SendAsync(context, StatusCodes.Status400BadRequest, Mistakes(wrong), ApiJson.Default.BodyRefusal),
        LogsqlException query => context => Answers.SendAsync(
            context, StatusCodes.Status400BadRequest, new(query.Describe(), Query: query.Query, Position: query.Position, Message: query.Message), ApiJson.Default.QueryRefusal),
        RequestException or UsageException => context => Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, new(mistake.Message.Replace("\npuppylog: ", "\n", StringComparison.Ordinal))),
        QueryMemoryException => context => Answers.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new(mistake.Message)),
        BadHttpRequestException bad => context => Answers.RefuseAsync(context, bad.StatusCode, new(bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "the body is too long" : bad.Message)),
        OperationCanceledException => context => Answers.RefuseAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            new(state.Stopping.IsCancellationRequested ? "the server ends" : $"it did not end within {limits.MaxDuration.TotalSeconds:0} s: ask for less time")),
        LogStoreException or CorruptDataException or IOException => context => Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new(mistake.Message)),
        _ => null,
    };

    static BodyRefusal Mistakes(ConfigurationException wrong)
    {
        List<BodyMistake> mistakes = [.. wrong.Mistakes.Select(mistake => new BodyMistake(mistake.Message, mistake.File == BodyReader.Name ? null : mistake.File, mistake.Place?.Line, mistake.Place?.Column))];
        return new(string.Join('\n', wrong.Mistakes.Select(mistake => mistake.File == BodyReader.Name ? mistake.Message : mistake.ToString())), mistakes);
    }
}
