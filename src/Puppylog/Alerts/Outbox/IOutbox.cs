using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Outbox;

/// <summary>Notices that have to be told yet. Safe for several threads.</summary>
interface IOutbox
{
    /// <summary>Takes notices, all or none; they are kept when it returns. Those with a key that it has or had are left out.</summary>
    /// <returns>How many were new.</returns>
    /// <exception cref="IOException">They cannot be kept.</exception>
    int Put(IReadOnlyCollection<string> receivers, IReadOnlyCollection<Notice> notices);

    /// <summary>The oldest ones of a receiver.</summary>
    IReadOnlyList<Notice> Pending(string receiver, int most);

    OutboxAttempts Attempts(string receiver);

    /// <summary>A receiver took notices, and works.</summary>
    /// <exception cref="IOException">That cannot be kept; they will be told again after a restart, with the same keys.</exception>
    void Told(string receiver, IReadOnlyCollection<string> keys);

    /// <summary>A receiver failed.</summary>
    /// <exception cref="IOException">That cannot be kept.</exception>
    void Failed(string receiver, OutboxAttempts attempts);
}
