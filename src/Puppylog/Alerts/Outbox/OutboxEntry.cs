using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Outbox;

/// <summary>A notice on its way to a receiver.</summary>
sealed record OutboxEntry(string Receiver, Notice Notice);
