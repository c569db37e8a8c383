using Puppylog.Alerts.Rules;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Keeping;

/// <summary>A rule of a store.</summary>
/// <param name="Item">As the store keeps it.</param>
/// <param name="Draft">As it was written.</param>
/// <param name="Rule">Null where it cannot be evaluated at the moment.</param>
/// <param name="Trouble">Why not, and what would help.</param>
/// <param name="State">Where it stands; null before it was evaluated first.</param>
sealed record KeptRule(AlertItem Item, AlertDraft Draft, AlertRule? Rule, string? Trouble, KeptAlert? State)
{
    public string Id => Item.Name;
}
