using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>A notifier that this process cannot be: what it should tell waits.</summary>
/// <param name="why">For people.</param>
sealed class MissingNotifier(string why) : INotifier
{
    public Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation) => throw new NotifierException(why);
}
