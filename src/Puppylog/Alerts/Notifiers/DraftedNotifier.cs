using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>A notifier that is made for each attempt, so that a secret that was missing or has changed counts for the next one.</summary>
sealed class DraftedNotifier(NotifierDraft draft, HttpClient http, TextWriter console, TimeProvider clock) : INotifier
{
    public Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation) => draft.Create(http, console, clock).SendAsync(notices, cancellation);
}
