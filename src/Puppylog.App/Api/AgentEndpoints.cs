using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Hosting;
using Puppylog.Forwarding;
using Puppylog.Storage;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.App.Api;

/// <summary>What agents ask: how far they have come, and to store. docs/formats/agent-batch.md.</summary>
static class AgentEndpoints
{
    const int BusySeconds = 1;
    const int HinderedSeconds = 5;
    const int LongestHost = 255;

    /// <summary>What an earlier run of an agent has left under way is waited for so long.</summary>
    static readonly TimeSpan BarrierTimeout = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapGet("/api/v1/agents/{id}/positions", context => SendPositionsAsync(context, state));
        routes.MapPost("/api/v1/agents/{id}/batches", context => TakeBatchAsync(context, state));
    }

    static async Task SendPositionsAsync(HttpContext context, ServerState state)
    {
        if (await AgentAsync(context) is not { } id)
        {
            return;
        }

        // Read behind everything that was sent before.
        using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted))
        {
            timeout.CancelAfter(BarrierTimeout);
            await ((Task)state.Intake.CommitAsync(new EncodedCommit([], [], []), timeout.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var prefix = AgentName.Prefix(id);
        var positions = await state.Store.ReadPositionsAsync(context.RequestAborted);
        state.Agents.Note(id, Host(context), 0, 0);
        await Answers.SendAsync(
            context,
            StatusCodes.Status200OK,
            new([.. positions.Where(position => position.Source.StartsWith(prefix, StringComparison.Ordinal)).Select(position => KnownPosition.Of(position, prefix))]),
            ForwardingJson.Default.KnownPositions);
    }

    static async Task TakeBatchAsync(HttpContext context, ServerState state)
    {
        if (await AgentAsync(context) is not { } id)
        {
            return;
        }

        var request = context.Request;
        if (request.ContentType != BatchMessage.MediaType)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, new($"the body must be {BatchMessage.MediaType}"));
        }
        else if (request.ContentLength is not { } length)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status411LengthRequired, new("the length of the body is not said"));
        }
        else if (length > BatchMessage.MaxLength)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, new($"a batch of {length} bytes"));
        }
        else if (state.Store.IsHindered)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new(state.Store.Trouble ?? "storing is hindered"), HinderedSeconds);
        }
        else if (!state.Budget.TryTake(length))
        {
            await Answers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, new("too much is being stored at the moment"), BusySeconds);
        }
        else
        {
            try
            {
                await StoreAsync(context, state, id, (int)length);
            }
            finally
            {
                state.Budget.Give(length);
            }
        }
    }

    static async Task StoreAsync(HttpContext context, ServerState state, string id, int length)
    {
        if (await ReadBodyAsync(context, length) is not { } body)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, new("the body ended early"));
            return;
        }

        try
        {
            var commit = BatchMessage.Read(body, length, id);
            var records = commit.Records;
            var receipt = await state.Intake.CommitAsync(commit, context.RequestAborted);
            state.Agents.Note(id, Host(context), records, length);
            await Answers.SendAsync(
                context, StatusCodes.Status200OK, new(receipt.Commit, receipt.Records, receipt.AlreadyStored), ForwardingJson.Default.BatchReceipt);
        }
        catch (FormatException e)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, new(e.Message));
        }
        catch (PositionConflictException e)
        {
            var prefix = AgentName.Prefix(id);
            var source = e.SourceId.StartsWith(prefix, StringComparison.Ordinal) ? e.SourceId[prefix.Length..] : e.SourceId;
            await Answers.RefuseAsync(context, StatusCodes.Status409Conflict, new(e.Message, source, e.Message));
        }
        catch (LogStoreException e)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new(e.Message), HinderedSeconds);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear it.
        }
    }

    /// <summary>The body in a pooled buffer that grows as bytes come, never because a length says so; null where it ended early.</summary>
    static async Task<byte[]?> ReadBodyAsync(HttpContext context, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(length, 64 << 10));
        try
        {
            for (var filled = 0; filled < length;)
            {
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, buffer.Length * 2L));
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await context.Request.Body.ReadAsync(buffer.AsMemory(filled, Math.Min(length, buffer.Length) - filled), context.RequestAborted);
                if (read == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return null;
                }

                filled += read;
            }

            return buffer;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or BadHttpRequestException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return null;
        }
    }

    /// <summary>The id in the route; null where it is none, which is then the answer.</summary>
    static async Task<string?> AgentAsync(HttpContext context)
    {
        var id = context.GetRouteValue("id") as string;
        if (AgentName.IsValid(id))
        {
            return id;
        }

        await Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, new("an agent's id has up to 64 letters, digits, - and _"));
        return null;
    }

    static string Host(HttpContext context)
    {
        var host = Uri.UnescapeDataString(context.Request.Headers["Puppylog-Host"].ToString());
        return host.Length <= LongestHost ? host : host[..LongestHost];
    }
}
