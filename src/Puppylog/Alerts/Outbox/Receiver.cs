using Puppylog.Alerts.Notifiers;

namespace Puppylog.Alerts.Outbox;

/// <summary>Somebody who is told.</summary>
/// <param name="Name">In the outbox.</param>
/// <param name="Notifier">How.</param>
/// <param name="Version">Where it differs, a receiver of the same name is another one.</param>
/// <param name="Options">How it is treated.</param>
sealed record Receiver(string Name, INotifier Notifier, string Version, CourierOptions Options);
