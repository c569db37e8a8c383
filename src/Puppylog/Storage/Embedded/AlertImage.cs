namespace Puppylog.Storage.Embedded;

/// <summary>What the catalogue has of alerts at one moment, their histories apart.</summary>
/// <param name="Revision">Changes whenever rules, notifiers or silences do.</param>
/// <param name="LastCommit">The last commit of the store.</param>
/// <param name="Items">Rules, notifiers and silences.</param>
/// <param name="States">Where rules stand, by number.</param>
/// <param name="Mark">How far they were evaluated; null where they never were.</param>
sealed record AlertImage(
    long Revision, long LastCommit, IReadOnlyList<AlertItem> Items, IReadOnlyDictionary<long, string> States, AlertMark? Mark)
{
    public static AlertImage None { get; } = new(0, 0, [], new Dictionary<long, string>(), null);

    public IEnumerable<AlertItem> Of(AlertItemKind kind) => Items.Where(item => item.Kind == kind);
}
