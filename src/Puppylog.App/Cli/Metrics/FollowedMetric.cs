using System.Globalization;
using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.App.Cli.Metrics;

/// <summary>Shows a metric again and again, each time after its refresh rate.</summary>
/// <param name="store">Where it is read.</param>
/// <param name="metric">Which.</param>
/// <param name="isJson">A line for each observation that is new or has changed; else the table again.</param>
/// <param name="most">The newest observations that are shown first.</param>
/// <param name="output">Where to.</param>
/// <param name="clock">Of the refresh.</param>
sealed class FollowedMetric(MetricStore store, MetricDefinition metric, bool isJson, int most, TextWriter output, TimeProvider clock)
{
    /// <summary>Moves to the top left, and erases what is behind.</summary>
    const string Home = "\e[H\e[J";

    /// <summary>Periods that are looked at again, beside those that may still change.</summary>
    const int LookedAtAgain = 60;

    readonly Dictionary<(long Start, string Segment), double?> _told = [];

    /// <summary>The first period that is looked at.</summary>
    long _from = long.MinValue;

    /// <summary>True where the table takes the place of the one before.</summary>
    public bool IsRedrawn { get; init; }

    /// <summary>Ends when it is stopped, or the metric is deleted.</summary>
    /// <exception cref="Storage.LogStoreException">The store cannot be read.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(metric.Refresh), clock);
        try
        {
            do
            {
                if (store.ReadAll(metric.Id, _from) is not { } reading)
                {
                    throw MetricsCommand.Missing(metric.Id);
                }

                await output.WriteAsync(Text(reading));
                await output.FlushAsync(cancellationToken);
                Forget(reading);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    void Forget(MetricReading reading)
    {
        if (reading.Observations.Count > 0)
        {
            _from = Math.Min(reading.FinalUntil, reading.Observations[^1].Start) - (LookedAtAgain * metric.PeriodLength);
            foreach (var told in _told.Keys.Where(told => told.Start < _from).ToList())
            {
                _told.Remove(told);
            }
        }
    }

    string Text(MetricReading reading)
    {
        if (isJson)
        {
            var news = (_told.Count == 0 ? reading.Observations.TakeLast(most) : reading.Observations)
                .Where(observation => !_told.TryGetValue((observation.Start, observation.Segment), out var told) || told != observation.Value).ToList();
            foreach (var observation in reading.Observations)
            {
                _told[(observation.Start, observation.Segment)] = observation.Value;
            }

            return ObservationText.Json(news);
        }

        var shown = reading.Observations.TakeLast(most).ToList();
        var table = ObservationText.Table(metric, reading, shown);
        return IsRedrawn
            ? string.Create(CultureInfo.InvariantCulture, $"{Home}{metric.Id}, every {metric.Refresh} s, {Timestamps.ToRfc3339(Timestamps.Now(clock))}\n\n{table}")
            : table + "\n";
    }
}
