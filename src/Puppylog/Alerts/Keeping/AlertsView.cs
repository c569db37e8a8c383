using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Keeping;

/// <summary>The alerts of a store as of one moment.</summary>
/// <param name="Rules">By identifier.</param>
/// <param name="Silences">Those that have ended, too, in the order in which they were made.</param>
/// <param name="Notifiers">By name.</param>
/// <param name="Image">What the catalogue says.</param>
sealed record AlertsView(IReadOnlyList<KeptRule> Rules, IReadOnlyList<KeptSilence> Silences, IReadOnlyList<KeptNotifier> Notifiers, AlertImage Image)
{
    public KeptRule? Find(string id) => Rules.FirstOrDefault(rule => rule.Id == id);
}
