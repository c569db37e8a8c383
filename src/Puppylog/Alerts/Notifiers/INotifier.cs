using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>A way to tell somebody.</summary>
interface INotifier
{
    /// <summary>Tells some notices together, the oldest first; all of them or none.</summary>
    /// <exception cref="NotifierException">They were not told, as far as is known.</exception>
    Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation);
}
