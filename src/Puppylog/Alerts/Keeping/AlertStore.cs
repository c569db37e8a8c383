using System.Globalization;
using System.Text.Json;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Rules;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Keeping;

/// <summary>The alerts of a data directory, beside whoever evaluates them.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="clock">What time it is.</param>
sealed class AlertStore(string directory, TimeProvider clock)
{
    /// <summary>The kind of a signal that people were told of when a silence had ended, and which changed no state.</summary>
    public const string ToldLater = "told";

    /// <summary>All but the histories.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public AlertsView Read()
    {
        var image = StoreAlerts.Read(directory);
        var metrics = Metrics();
        return new(
            [.. image.Of(AlertItemKind.Alert).Select(item => Rule(item, metrics, image))],
            [.. image.Of(AlertItemKind.Silence).OrderBy(item => item.Number).Select(item => new KeptSilence(item, Parse(item, AlertJson.Default.Silence)))],
            [.. image.Of(AlertItemKind.Notifier).Select(item => new KeptNotifier(item, Parse(item, AlertJson.Default.NotifierDraft)))],
            image);
    }

    /// <summary>What rules can watch.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public IReadOnlyList<ObservedMetric> Metrics() => [.. StoreMetrics.List(directory).Select(row => Observed(MetricDefinition.Parse(row.Id, row.Definition)))];

    /// <summary>What a rule has to know of a metric.</summary>
    public static ObservedMetric Observed(MetricDefinition metric) =>
        new(metric.Id, metric.Period, metric.Statistic.Name is "count" or "sum", !metric.Segments.IsEmpty, metric.Lateness);

    /// <summary>Adds rules, all or none. They are checked before.</summary>
    /// <exception cref="LogStoreException">There is one of that name, or the catalogue cannot be written.</exception>
    public void Add(params IReadOnlyList<AlertDraft> drafts) => StoreAlerts.Add(directory, [.. drafts.Select(Item)]);

    /// <exception cref="LogStoreException">There is one of that name, or the catalogue cannot be written.</exception>
    public void Add(NotifierDraft draft) => StoreAlerts.Add(directory, [Item(draft)]);

    /// <summary>Makes a silence and returns it.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public KeptSilence Add(Silence silence)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{StoreAlerts.Read(directory).Of(AlertItemKind.Silence).Select(item => long.TryParse(item.Name, CultureInfo.InvariantCulture, out var number) ? number : 0).Append(0).Max() + 1}");
        var item = New(AlertItemKind.Silence, name, JsonSerializer.Serialize(silence, AlertJson.Default.Silence));
        StoreAlerts.Add(directory, [item]);
        return new(item, silence);
    }

    /// <summary>Ends the silences of a rule that have not ended; returns how many.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="by">Who does it.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public int Lift(string rule, string by)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var lifted = Read().Silences.Where(kept => kept.Silence.Rule == rule && kept.Silence.Until > now).ToList();
        foreach (var kept in lifted)
        {
            StoreAlerts.Change(directory, AlertItemKind.Silence, kept.Item.Name, _ => JsonSerializer.Serialize(kept.Silence with { Until = now, LiftedBy = by }, AlertJson.Default.Silence));
        }

        return lifted.Count;
    }

    /// <summary>Gives a rule another definition, which is checked before; it keeps its history. False where there is none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public bool Change(AlertDraft draft) => StoreAlerts.Change(directory, AlertItemKind.Alert, draft.Id!, _ => JsonSerializer.Serialize(draft, AlertJson.Default.AlertDraft));

    /// <summary>Removes a rule and its history; false where there is none.</summary>
    /// <exception cref="LogStoreException">A configuration names it, or the catalogue cannot be written.</exception>
    public bool Delete(string id) => StoreAlerts.Remove(directory, AlertItemKind.Alert, id);

    /// <summary>False where there is no such notifier.</summary>
    /// <exception cref="LogStoreException">A configuration names it, or the catalogue cannot be written.</exception>
    public bool DeleteNotifier(string name) => StoreAlerts.Remove(directory, AlertItemKind.Notifier, name);

    /// <summary>Makes these the rules and notifiers that a configuration names, instead of those before.</summary>
    /// <exception cref="LogStoreException">One of them was made by a command, or the catalogue cannot be written.</exception>
    public void Configure(IReadOnlyList<AlertDraft> rules, IReadOnlyList<NotifierDraft> notifiers) =>
        StoreAlerts.Configure(directory, [.. rules.Select(Item), .. notifiers.Select(notifier => Item(notifier.Public()))]);

    /// <summary>What a rule did, in order: up to where late records have had their time what they say, after that what was said at once.</summary>
    /// <param name="told">What was said at once for all of the time: what people were told.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public IReadOnlyList<AlertSignalRow> History(KeptRule rule, bool told = false)
    {
        var signals = StoreAlerts.Signals(directory, rule.Item.Number);
        if (told)
        {
            return [.. signals.Where(signal => !signal.IsSettled && signal.IsTold)];
        }

        var settled = rule.State?.States.Settled.ToDictionary(track => track.Segment, track => track.At, StringComparer.Ordinal) ?? [];
        var last = rule.State?.States.Settled.Select(track => track.At).DefaultIfEmpty(long.MinValue).Max() ?? long.MinValue;
        return [.. signals.Where(signal => signal.IsSettled || (signal.Kind != ToldLater && signal.Time > settled.GetValueOrDefault(signal.Segment, last)))];
    }

    static KeptRule Rule(AlertItem item, IReadOnlyList<ObservedMetric> metrics, AlertImage image)
    {
        var draft = Parse(item, AlertJson.Default.AlertDraft);
        var rule = draft.Check(metrics, out var mistakes);
        var state = image.States.TryGetValue(item.Number, out var text) ? TryParse(text) : null;
        var isSame = rule is not null && state?.Metric == rule.Metric.Id && state.PerSegment == rule.PerSegment;
        return new(item, draft, rule, rule is null ? string.Join("; ", mistakes) : null, rule is null || isSame ? state : null);
    }

    AlertItem Item(AlertDraft draft) => New(AlertItemKind.Alert, draft.Id!, JsonSerializer.Serialize(draft, AlertJson.Default.AlertDraft));

    AlertItem Item(NotifierDraft draft) => New(AlertItemKind.Notifier, draft.Name!, JsonSerializer.Serialize(draft, AlertJson.Default.NotifierDraft));

    AlertItem New(AlertItemKind kind, string name, string definition) => new(0, kind, name, definition, IsConfigured: false, Timestamps.Now(clock), 0);

    static T Parse<T>(AlertItem item, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(item.Definition, type) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new CorruptDataException($"the catalogue's definition of {item.Kind.ToString().ToLowerInvariant()} '{item.Name}' is none: {e.Message}");
        }
    }

    /// <summary>A state that cannot be read is none: the rule begins anew.</summary>
    static KeptAlert? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, AlertJson.Default.KeptAlert);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
