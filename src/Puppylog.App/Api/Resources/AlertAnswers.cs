using Microsoft.AspNetCore.Http;
using Puppylog.Alerts;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.Watching;
using Puppylog.App.Cli;
using Puppylog.App.Cli.Alerts;
using Puppylog.App.Cli.Metrics;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Resources;

/// <summary><c>alerts</c>: rules on metrics, where they stand, and what they did.</summary>
static class AlertAnswers
{
    /// <summary>Of a curve; more than a screen has columns.</summary>
    const long MostPoints = 4_000;

    public static Task SendListAsync(ResourceCall call)
    {
        var view = Open(call).Read();
        var evaluated = view.Image.Mark is { Second: > 0 } mark ? $",\"evaluated\":\"{AlertText.Time(mark.Second)}\"" : "";
        return call.SendListAsync("alerts", AlertTable.ListJson(view, call.Second), evaluated);
    }

    public static Task SendAsync(ResourceCall call)
    {
        var (view, rule) = Find(call);
        return call.SendAsync(StatusCodes.Status200OK, AlertTable.WholeJson(view, rule, call.Second));
    }

    public static async Task AddAsync(ResourceCall call)
    {
        var (draft, _) = await ReadAsync(call);
        var store = Open(call);
        try
        {
            store.Add(draft);
        }
        catch (LogStoreException taken) when (store.Read().Find(draft.Id!) is not null)
        {
            throw new RequestException(StatusCodes.Status409Conflict, taken.Message);
        }

        var view = store.Read();
        await call.SendAsync(StatusCodes.Status201Created, view.Find(draft.Id!) is { } rule ? AlertTable.WholeJson(view, rule, call.Second) : throw Missing(draft.Id!));
    }

    /// <summary>Another definition of an alert, which keeps its history.</summary>
    public static async Task ChangeAsync(ResourceCall call)
    {
        var (_, known) = Find(call);
        if (known.Item.IsConfigured)
        {
            throw new RequestException(StatusCodes.Status409Conflict, $"'{known.Id}' is named in the configuration; change it there");
        }

        var (draft, _) = await ReadAsync(call);
        call.RequireSame(draft.Id!);
        var store = Open(call);
        if (!store.Change(draft))
        {
            throw Missing(draft.Id!);
        }

        var view = store.Read();
        await call.SendAsync(StatusCodes.Status200OK, view.Find(draft.Id!) is { } rule ? AlertTable.WholeJson(view, rule, call.Second) : throw Missing(draft.Id!));
    }

    public static Task DeleteAsync(ResourceCall call)
    {
        var (_, rule) = Find(call);
        try
        {
            return Open(call).Delete(rule.Id) ? call.SendDeletedAsync(rule.Id) : throw Missing(rule.Id);
        }
        catch (LogStoreException configured) when (rule.Item.IsConfigured)
        {
            throw new RequestException(StatusCodes.Status409Conflict, configured.Message);
        }
    }

    public static Task SendHistoryAsync(ResourceCall call)
    {
        var (_, rule) = Find(call);
        var history = Open(call).History(rule, call.Arguments.Flag("told"));
        return call.SendListAsync("history", AlertTable.HistoryJson(rule.Id, history.TakeLast(call.Limit(int.MaxValue))));
    }

    /// <summary>What the alert of the body would have done on what is stored; nobody is told, nothing is kept.</summary>
    public static async Task PreviewAsync(ResourceCall call)
    {
        var (draft, rule) = await ReadAsync(call);
        var (from, to) = call.Range();
        // Nothing happens before the first record, and nothing has happened yet behind the clock and the last one.
        var status = ((IEmbeddedStore)call.State.Store).ReadStatus();
        var replay = new AlertReplay(
            rule, from <= (status.OldestTime ?? long.MaxValue) ? null : from / Timestamps.Second, to == long.MaxValue ? null : Math.Min(to, Math.Max(call.Now, status.NewestTime ?? 0)) / Timestamps.Second);
        var observer = new MetricObserver(call.Directory, StoreSettings.Options(call.State.Clock));
        var observations = await observer.ReadAsync(rule.Metric.Id, replay.From, replay.To, fromRecords: false, call.Cancellation);
        var signals = await Task.Run(() => replay.Run(observations ?? []).ConvertAll(signal => WatchedRule.Row(rule, 0, signal, isSettled: true, isTold: false)), call.Cancellation);
        var curve = call.Arguments.Count("points") is { } points and > 0
            ? await Task.Run(() => replay.Draw(observations ?? [], (int)Math.Min(points, MostPoints)), call.Cancellation)
            : null;
        await call.SendListAsync("history", AlertTable.HistoryJson(draft.Id!, signals.TakeLast(call.Limit(int.MaxValue))), curve is null ? "" : CurveText.Members(curve));
    }

    public static AlertStore Open(ResourceCall call) => new(call.Directory, call.State.Clock);

    /// <exception cref="RequestException">There is no such alert.</exception>
    public static (AlertsView View, KeptRule Rule) Find(ResourceCall call)
    {
        var view = Open(call).Read();
        return (view, view.Find(call.Id) ?? throw Missing(call.Id));
    }

    static async Task<(AlertDraft Draft, AlertRule Rule)> ReadAsync(ResourceCall call)
    {
        var metrics = MetricsCommand.Open(call.Directory).List().Select(known => known.Metric);
        var draft = call.Bodies.Alert(await call.ReadBodyAsync(), metrics);
        return (draft, CreateAlertCommand.Check(draft, Open(call)));
    }

    static RequestException Missing(string id) => new(StatusCodes.Status404NotFound, AlertsCommand.Missing(id).Message);
}
