using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Cli.Store;
using Puppylog.App.Collecting;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Status;

namespace Puppylog.App.Api.Resources;

/// <summary><c>store</c>, <c>sources</c> and <c>reload</c>.</summary>
static class StoreAnswers
{
    public static async Task SendStatusAsync(ResourceCall call)
    {
        var survey = await new StoreSurveyor(call.Directory, new EmbeddedStoreOptions(call.State.Clock)).RunAsync(call.Arguments.Flag("columns"), call.Cancellation);
        await call.SendAsync(StatusCodes.Status200OK, StatusText.Json(call.Directory, survey, Collectors(call)));
    }

    /// <summary>The sources of all processes that collect into the store, and the agents.</summary>
    public static Task SendSourcesAsync(ResourceCall call) => call.SendAsync(StatusCodes.Status200OK, JsonLine.Write(json =>
    {
        var collectors = Collectors(call);
        json.WriteStartArray("sources");
        foreach (var (collector, entry) in collectors.SelectMany(collector => collector.List.Select(entry => (collector, entry))))
        {
            json.WriteStartObject();
            json.WriteString("source", entry.Source);
            json.WriteString("state", entry.State);
            json.WriteOptional("trouble", entry.Trouble);
            json.WriteOptional("since", entry.Since);
            json.WriteNumber("lag", entry.Lag);
            json.WriteNumber("lines", entry.Lines);
            json.WriteNumber("records", entry.Records);
            json.WriteNumber("process", collector.Process);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("all", collectors.Sum(collector => collector.Sources));
        json.WriteNumber("hindered", collectors.Sum(collector => collector.Hindered));
        json.WriteNumber("lag", collectors.Sum(collector => collector.Lag));
        json.WriteStartArray("agents");
        foreach (var agent in call.State.Agents.All)
        {
            json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(agent, ApiJson.Default.AgentEntry));
        }

        json.WriteEndArray();
    }));

    /// <summary>As SIGHUP; what is wrong with the file is the answer.</summary>
    public static async Task ReloadAsync(ResourceCall call)
    {
        if (call.State.Reload is not { } reload)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "the server works without a configuration: start it with --config FILE");
        }

        try
        {
            await reload.ReloadAsync(call.Cancellation);
        }
        catch (LogStoreException wrong)
        {
            throw new RequestException(StatusCodes.Status409Conflict, $"{reload.Current.File} is not reloaded: {wrong.Message}; the old configuration goes on");
        }

        await call.SendAsync(StatusCodes.Status200OK, JsonLine.Write(json =>
        {
            json.WriteString("reloaded", reload.Current.File);
            json.WriteNumber("sources", reload.Current.Sources.Length);
        }));
    }

    /// <summary>This process tells what is; the others what they wrote last.</summary>
    static IReadOnlyList<CollectorState> Collectors(ResourceCall call) => call.State.Sources?.Current is { } own
        ? [.. CollectorFiles.Read(call.Directory).Where(other => other.Process != own.Process).Append(own).OrderBy(collector => collector.Process)]
        : CollectorFiles.Read(call.Directory);
}
