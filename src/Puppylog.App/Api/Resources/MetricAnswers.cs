using System.Globalization;
using Microsoft.AspNetCore.Http;
using Puppylog.Alerts.Keeping;
using Puppylog.App.Api.Select;
using Puppylog.App.Cli;
using Puppylog.App.Cli.Metrics;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Resources;

/// <summary><c>metrics</c>: a statistic over matching records per period each.</summary>
static class MetricAnswers
{
    /// <summary>Observations of an answer where it is not said.</summary>
    const int UsualLimit = 10_000;

    /// <summary>More periods than could be shown are not counted for a preview.</summary>
    const long MostPeriods = 1_000_000;

    /// <summary>Of a curve; more than a screen has columns.</summary>
    const long MostPoints = 4_000;

    public static Task SendListAsync(ResourceCall call) => call.SendListAsync("metrics", MetricText.Json(Open(call).List()));

    public static Task SendAsync(ResourceCall call) => call.SendAsync(StatusCodes.Status200OK, MetricText.Json([Find(call)]));

    public static async Task AddAsync(ResourceCall call)
    {
        var metric = call.Bodies.Metric(await call.ReadBodyAsync());
        var store = Open(call);
        if (store.List().Any(known => known.Metric.Id == metric.Id && known.Row.IsFilled))
        {
            throw new RequestException(StatusCodes.Status409Conflict, MetricsCommand.Known(metric.Id));
        }

        await store.CreateAsync([metric], call.Cancellation);
        await call.SendAsync(StatusCodes.Status201Created, MetricText.Json(store.List().Where(known => known.Metric.Id == metric.Id)));
    }

    /// <summary>Another definition of a metric; where that counts something else, it is counted again.</summary>
    public static async Task ChangeAsync(ResourceCall call)
    {
        var (known, _) = Find(call);
        if (known.IsConfigured)
        {
            throw new RequestException(StatusCodes.Status409Conflict, $"'{known.Id}' is named in the configuration; change it there");
        }

        var metric = call.Bodies.Metric(await call.ReadBodyAsync());
        call.RequireSame(metric.Id);
        RefuseUnwatchable(call, metric);
        var store = Open(call);
        await store.ChangeAsync(metric);
        await call.SendAsync(StatusCodes.Status200OK, MetricText.Json(store.List().Where(one => one.Metric.Id == metric.Id)));
    }

    /// <exception cref="RequestException">An alert that watches the metric could not watch it any more.</exception>
    static void RefuseUnwatchable(ResourceCall call, MetricDefinition metric)
    {
        var observed = AlertStore.Observed(metric);
        var mistakes = AlertAnswers.Open(call).Read().Rules.Where(rule => rule.Draft.Metric == metric.Id)
            .SelectMany(rule => rule.Draft.Check(observed).Select(mistake => $"the alert '{rule.Id}' watches it: {mistake.Text}")).ToList();
        if (mistakes.Count > 0)
        {
            throw new RequestException(StatusCodes.Status409Conflict, $"the metric '{metric.Id}' is not changed: {string.Join("; ", mistakes)}; change the alert first");
        }
    }

    public static Task DeleteAsync(ResourceCall call)
    {
        var (metric, _) = Find(call);
        try
        {
            MetricsCommand.RefuseWatched(call.Directory, metric.Id);
        }
        catch (UsageException watched)
        {
            throw new RequestException(StatusCodes.Status409Conflict, watched.Message);
        }

        if (!Open(call).Delete(metric.Id))
        {
            throw Missing(call);
        }

        return call.SendDeletedAsync(metric.Id, metric.IsConfigured ? $"a configuration names '{metric.Id}': the next start with it, or its reload, makes the metric again" : null);
    }

    public static Task SendObservationsAsync(ResourceCall call)
    {
        var (from, to) = call.Range();
        var reading = Open(call).ReadAll(call.Id, from, End(to)) ?? throw Missing(call);
        return SendAsync(call, Find(call).Metric, reading, Timestamps.ToRfc3339(reading.FinalUntil));
    }

    /// <summary>What the metric of the body would come to on what is stored; nothing is kept.</summary>
    public static async Task PreviewAsync(ResourceCall call)
    {
        var metric = call.Bodies.Metric(await call.ReadBodyAsync());
        var (from, to) = call.Range();
        var status = ((IEmbeddedStore)call.State.Store).ReadStatus();
        var first = Math.Max(from, status.OldestTime ?? 0);
        var last = Math.Min(to, status.NewestTime ?? 0);
        if (((Int128)last - first) / metric.PeriodLength > MostPeriods)
        {
            throw new RequestException($"a preview has at most {MostPeriods:N0} periods: ask for less time with start=, or take a longer period");
        }

        await SendAsync(call, metric, await new MetricPreview((IEmbeddedStore)call.State.Store).RunAsync(metric, from, End(to), call.Cancellation), null);
    }

    static Task SendAsync(ResourceCall call, MetricDefinition metric, MetricReading reading, string? finalUntil)
    {
        var final = finalUntil is null ? "" : $",\"final_until\":\"{finalUntil}\"";
        if (call.Arguments.Count("points") is { } points and > 0)
        {
            var curve = MetricCurve.Draw(reading.Observations, metric.PeriodLength, (int)Math.Min(points, MostPoints));
            return call.SendListAsync(
                "observations", ObservationText.Json(curve.Observations), string.Create(CultureInfo.InvariantCulture, $"{final},\"step\":{curve.Step / Timestamps.Second},\"other_segments\":{curve.Others}"));
        }

        var (all, limit) = (reading.Observations, call.Limit(UsualLimit));
        return call.SendListAsync("observations", ObservationText.Json(all.TakeLast(limit)), final + (all.Count > limit ? ",\"truncated\":true" : ""));
    }

    /// <summary>The range ends before its end.</summary>
    static long End(long to) => to == long.MaxValue ? to : to - 1;

    static MetricStore Open(ResourceCall call) => new(call.Directory, StoreSettings.Options(call.State.Clock));

    static (MetricDefinition Metric, MetricRow Row) Find(ResourceCall call) =>
        Open(call).List().Where(known => known.Metric.Id == call.Id).Select(known => ((MetricDefinition, MetricRow)?)known).FirstOrDefault() ?? throw Missing(call);

    static RequestException Missing(ResourceCall call) => new(StatusCodes.Status404NotFound, MetricsCommand.Missing(call.Id).Message);
}
