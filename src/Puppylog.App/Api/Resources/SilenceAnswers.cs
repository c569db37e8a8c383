using Microsoft.AspNetCore.Http;
using Puppylog.Alerts.Notices;
using Puppylog.App.Api.Select;
using Puppylog.App.Cli.Alerts;
using Puppylog.App.Cli.Store;
using Puppylog.Configuration.Reading;
using Puppylog.Records;

namespace Puppylog.App.Api.Resources;

/// <summary>Who is told of alerts, who is not for a while, and whether that works.</summary>
static class SilenceAnswers
{
    public static Task SendListAsync(ResourceCall call)
    {
        var isAll = call.Arguments.Flag("all");
        var silences = AlertAnswers.Open(call).Read().Silences.Where(kept => isAll || kept.Silence.Until > call.Second);
        return call.SendListAsync("silences", string.Concat(silences.Select(SilenceCommand.Json)));
    }

    public static async Task AddAsync(ResourceCall call)
    {
        var (_, rule) = AlertAnswers.Find(call);
        var silence = call.Bodies.Read(await call.ReadBodyAsync(), map => Read(map, rule.Id, call));
        await call.SendAsync(StatusCodes.Status201Created, SilenceCommand.Json(AlertAnswers.Open(call).Add(silence)));
    }

    public static Task LiftAsync(ResourceCall call)
    {
        var (_, rule) = AlertAnswers.Find(call);
        var lifted = AlertAnswers.Open(call).Lift(rule.Id, call.Caller);
        return call.SendAsync(StatusCodes.Status200OK, JsonLine.Write(json =>
        {
            json.WriteString("alert", rule.Id);
            json.WriteNumber("lifted", lifted);
        }));
    }

    /// <summary>Sends a notice that says it is a test to all whom the alert tells.</summary>
    public static async Task TestAsync(ResourceCall call)
    {
        var (view, rule) = AlertAnswers.Find(call);
        var results = await TestNotice.SendAsync(view, rule, call.State.FindNotifier, Console.Out, call.Cancellation);
        await call.SendListAsync("notifiers", string.Concat(results.Select(result => result.Json())));
    }

    /// <summary>Names and types: an address may be a secret.</summary>
    public static Task SendNotifiersAsync(ResourceCall call) => call.SendListAsync("notifiers", string.Concat(AlertAnswers.Open(call).Read().Notifiers.Select(notifier => JsonLine.Write(json =>
    {
        json.WriteString("notifier", notifier.Name);
        json.WriteString("type", notifier.Draft.Type);
        json.WriteBoolean("configured", notifier.Item.IsConfigured);
        json.WriteString("created", Timestamps.ToRfc3339(notifier.Item.Created));
    }))));

    static Silence Read(MapReader map, string rule, ResourceCall call)
    {
        map.Require("for", "how long, like 2h");
        map.Require("why", "for those who ask");
        var length = map.Duration("for", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(SilenceCommand.Longest), bare: true) ?? TimeSpan.Zero;
        var why = map.Text("why")?.Text.Trim() ?? "";
        if (map.Has("why") && why.Length == 0)
        {
            map.Context.Add(map.PlaceOf("why"), "why: say why, for those who ask");
        }

        var silence = new Silence(rule, map.Text("segment")?.Text, call.Second, call.Second + (long)Math.Ceiling(length.TotalSeconds), why) { By = call.Caller };
        map.End();
        return silence;
    }
}
