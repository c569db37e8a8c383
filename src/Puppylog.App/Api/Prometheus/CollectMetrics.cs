using Puppylog.App.Hosting;
using Puppylog.Pipeline;
using Puppylog.Processing;

namespace Puppylog.App.Api.Prometheus;

/// <summary>What this process collects, and what agents send.</summary>
static class CollectMetrics
{
    public static void Add(MetricsText text, ServerState state)
    {
        if (state.Collected is { } counters)
        {
            AddCollected(text, counters);
        }

        AddProcessed(text, state);
        if (state.Sources?.Current is { } sources)
        {
            text.Gauge("puppylog_sources", "Sources that this process reads, or would like to.", sources.Sources);
            text.Gauge("puppylog_hindered_sources", "Sources that cannot be read at the moment.", sources.Hindered);
            text.Gauge("puppylog_lag_bytes", "Bytes that all sources have beyond what was read.", sources.Lag);
            text.Gauges(
                "puppylog_source_lag_bytes",
                "Bytes that a source has beyond what was read; of those that were named, that are hindered or that lag most.",
                sources.List.DistinctBy(entry => entry.Source).Select(entry => (new[] { ("source", entry.Source) }, (double)entry.Lag)));
        }

        var agents = state.Agents.All.ToList();
        if (agents.Count > 0)
        {
            text.Counters("puppylog_agent_records_total", "Records that agents have sent since the start.", agents.Select(agent => (new[] { ("agent", agent.Id) }, (double)agent.Records)));
            text.Gauges(
                "puppylog_agent_last_seen_timestamp_seconds", "When an agent asked or sent last, in seconds since 1970.",
                agents.Select(agent => (new[] { ("agent", agent.Id) }, agent.LastSeen.ToUnixTimeMilliseconds() / 1000.0)));
        }
    }

    static void AddCollected(MetricsText text, CollectCounters counters)
    {
        text.Counter("puppylog_collected_lines_total", "Lines that this process has read of its sources.", counters.Read);
        text.Counter("puppylog_collected_bytes_total", "Bytes that this process has read of its sources.", counters.Bytes);
        text.Counters(
            "puppylog_invalid_lines_total",
            "Lines that were not as they should be: without their format and left out, without their format and kept as text, too long and cut, in UTF-16 with halves of characters.",
            [
                ([("reason", "format_left_out")], counters.Invalid),
                ([("reason", "format_kept_as_text")], counters.Kept),
                ([("reason", "too_long_cut")], counters.Cut),
                ([("reason", "broken_utf16")], counters.Replaced),
            ]);
    }

    /// <summary>What became of records by wish, whichever way they came.</summary>
    static void AddProcessed(MetricsText text, ServerState state)
    {
        List<(string From, CollectCounters Counters)> ways = [("http", state.Ingested)];
        if (state.Collected is { } collected)
        {
            ways.Insert(0, ("sources", collected));
        }

        text.Counters(
            "puppylog_dropped_records_total",
            "Records that were dropped by wish.",
            ways.SelectMany(way => Enum.GetValues<DropReason>().Where(reason => reason != DropReason.None)
                .Select(reason => (new[] { ("from", way.From), ("reason", reason.ToString().ToLowerInvariant()) }, (double)way.Counters.DroppedFor(reason)))));
        text.Counters(
            "puppylog_redacted_places_total", "Places in lines and fields that were redacted.",
            ways.Select(way => (new[] { ("from", way.From) }, (double)way.Counters.Redacted)));
        text.Counter("puppylog_ingested_records_total", "Records that shippers sent over HTTP and that are stored.", state.Ingested.Stored);
        text.Counter("puppylog_invalid_entries_total", "Entries that shippers sent over HTTP and that are not stored, as they are not understood.", state.Ingested.Invalid);
    }
}
