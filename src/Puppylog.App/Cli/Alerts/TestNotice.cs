using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;

namespace Puppylog.App.Cli.Alerts;

/// <summary>Sends a notice that says it is a test to everybody whom an alert tells.</summary>
static class TestNotice
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="view">The alerts.</param>
    /// <param name="rule">Which.</param>
    /// <param name="configured">A notifier of the configuration, with its secrets; null where none is known.</param>
    /// <param name="console">Where the console's notices go.</param>
    public static async Task<IReadOnlyList<TestResult>> SendAsync(
        AlertsView view, KeptRule rule, Func<string, NotifierDraft?> configured, TextWriter console, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        var notice = NoticeComposer.Test(rule.Id, rule.Draft.Labels, AlertsCommand.Now());
        return await Task.WhenAll(Receivers(view, rule).Select(name => SendAsync(name, Notifier(view, name, configured, http, console), notice, cancellationToken)));
    }

    static IReadOnlyList<string> Receivers(AlertsView view, KeptRule rule) =>
        rule.Draft.Notify.Count > 0 ? rule.Draft.Notify : view.Notifiers.Count > 0 ? [.. view.Notifiers.Select(notifier => notifier.Name)] : ["console"];

    static INotifier Notifier(AlertsView view, string name, Func<string, NotifierDraft?> configured, HttpClient http, TextWriter console)
    {
        var kept = view.Notifiers.FirstOrDefault(notifier => notifier.Name == name);
        var draft = kept is { Item.IsConfigured: false } ? kept.Draft : configured(name);
        return (kept, draft) switch
        {
            (null, null) when name == "console" && view.Notifiers.Count == 0 => new LineNotifier(console),
            (null, null) => new MissingNotifier("there is no such notifier; 'puppylog alerts notifiers' lists them"),
            (_, null) => new MissingNotifier("a configuration names it: add --config FILE"),
            _ => new DraftedNotifier(draft, http, console, TimeProvider.System),
        };
    }

    static async Task<TestResult> SendAsync(string name, INotifier notifier, Notice notice, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.Run(() => notifier.SendAsync([notice], patience.Token), cancellationToken).WaitAsync(Patience, cancellationToken);
            return new(name, null);
        }
        catch (TimeoutException)
        {
            return new(name, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new(name, error.Message);
        }
        finally
        {
            await patience.CancelAsync();
        }
    }
}
