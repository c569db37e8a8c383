using Puppylog.Alerts.Notifiers;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Keeping;

/// <summary>A notifier of a store.</summary>
sealed record KeptNotifier(AlertItem Item, NotifierDraft Draft)
{
    public string Name => Item.Name;
}
