using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Outbox;

/// <summary>A line of <see cref="FileOutbox"/>: of the three exactly one is there.</summary>
sealed record OutboxLine
{
    public required string Receiver { get; init; }

    public Notice? Put { get; init; }

    public IReadOnlyList<string>? Told { get; init; }

    public OutboxAttempts? Failed { get; init; }
}
