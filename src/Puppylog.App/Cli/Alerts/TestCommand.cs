using System.CommandLine;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Rules;
using Puppylog.App.Cli.Config;
using Puppylog.App.Cli.Store;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts test</c>.</summary>
static class TestCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    const string Description = """
        Send a notice that says it is a test to everybody whom an alert tells, once, and say what happened. Secrets are read in
        this process: env:NAME has to be set here, too. Notifiers of a configuration need --config.

        Ends with 2 where somebody was not told.

        Examples:
          puppylog alerts test totaltraffic
          puppylog alerts test totaltraffic --config puppylog.yaml -o json
        """;

    public static Command Create()
    {
        var id = AlertsCommand.Identifier();
        var config = ConfigurationFile.Option();
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("test", Description) { id, config, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (view, rule) = AlertsCommand.Find(parsed.GetRequiredValue(data), parsed.GetRequiredValue(id));
            var file = parsed.GetResult(config) is null ? null : parsed.GetValue(config) ?? ConfigurationFile.Find();
            IReadOnlyCollection<NotifierDraft> configured = file is null ? [] : ConfigurationFile.Read(file).Notifiers;
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
            var notice = Notice(rule);
            var results = await Task.WhenAll(Receivers(view, rule).Select(name => SendAsync(name, Notifier(view, name, configured, http), notice, cancellationToken)));
            foreach (var (name, problem) in results)
            {
                await Console.Out.WriteAsync(parsed.GetValue(output) == "json"
                    ? JsonLine.Write(json =>
                    {
                        json.WriteString("notifier", name);
                        json.WriteBoolean("told", problem is null);
                        json.WriteOptional("problem", problem);
                    })
                    : $"{name}: {problem ?? "told"}\n");
            }

            return results.All(result => result.Problem is null) ? ExitCode.Done : ExitCode.Error;
        });
        return command;
    }

    static Notice Notice(KeptRule rule) => NoticeComposer.Test(rule.Id, rule.Draft.Labels, AlertsCommand.Now());

    static IReadOnlyList<string> Receivers(AlertsView view, KeptRule rule) =>
        rule.Draft.Notify.Count > 0 ? rule.Draft.Notify : view.Notifiers.Count > 0 ? [.. view.Notifiers.Select(notifier => notifier.Name)] : ["console"];

    static INotifier Notifier(AlertsView view, string name, IReadOnlyCollection<NotifierDraft> configured, HttpClient http)
    {
        var kept = view.Notifiers.FirstOrDefault(notifier => notifier.Name == name);
        var draft = kept is { Item.IsConfigured: false } ? kept.Draft : configured.FirstOrDefault(notifier => notifier.Name == name);
        return (kept, draft) switch
        {
            (null, null) when name == "console" && view.Notifiers.Count == 0 => new LineNotifier(Console.Out),
            (null, null) => new MissingNotifier("there is no such notifier; 'puppylog alerts notifiers' lists them"),
            (_, null) => new MissingNotifier("a configuration names it: add --config FILE"),
            _ => new DraftedNotifier(draft, http, Console.Out, TimeProvider.System),
        };
    }

    static async Task<(string Name, string? Problem)> SendAsync(string name, INotifier notifier, Notice notice, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.Run(() => notifier.SendAsync([notice], patience.Token), cancellationToken).WaitAsync(Patience, cancellationToken);
            return (name, null);
        }
        catch (TimeoutException)
        {
            return (name, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return (name, error.Message);
        }
        finally
        {
            await patience.CancelAsync();
        }
    }
}
