using System.CommandLine;
using Puppylog.Alerts.Notifiers;
using Puppylog.App.Cli.Metrics;
using Puppylog.App.Cli.Store;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts notifiers</c>.</summary>
static class NotifiersCommand
{
    const string Description = """
        List the notifiers: where notices of alerts go. Without any, they go to the output of the process that stores.

        Examples:
          puppylog alerts notifiers
          puppylog alerts notifiers create ops --type webhook --url https://hooks.example.com/in --token env:HOOK_TOKEN
          puppylog alerts notifiers delete ops
        """;

    const string CreateDescription = """
        Make a notifier. Secrets are named, not written: env:NAME is a variable of the process that stores, file:PATH a file
        that it can read. Other settings are taken as they are.

        What each type takes:
          console                    nothing: the output of the process that stores
          file                       --path; a line of JSON each
          command                    --command, run by /bin/sh with lines of JSON on its standard input
          webhook, slack, teams      --url, --token; posts JSON, or what those two take
          alertmanager               --url (of the server), --token
          email                      --host, --from, --to; --port, --security starttls|tls|none, --ca, --user, --password

        Examples:
          puppylog alerts notifiers create log --type file --path /var/log/alerts.jsonl
          puppylog alerts notifiers create chat --type slack --url env:SLACK_URL
          puppylog alerts notifiers create page --type command --command 'curl -fsS --data-binary @- https://pager.example.com'
          puppylog alerts notifiers create mail --type email --host mail.example.com --from puppylog@example.com --to ops@example.com --user puppylog --password file:/run/secrets/smtp
          puppylog alerts notifiers create am --type alertmanager --url http://127.0.0.1:9093
        """;

    static readonly Option<string> Type = new("--type") { Description = "How it tells", HelpName = "TYPE", Required = true };
    static readonly Option<string?> Url = new("--url") { Description = "Where to post; or env:NAME, file:PATH", HelpName = "URL" };
    static readonly Option<string?> Token = new("--token") { Description = "What is shown to the receiver as a bearer: env:NAME or file:PATH", HelpName = "SECRET" };
    static readonly Option<string?> Path = new("--path") { Description = "The file to append to", HelpName = "FILE" };
    static readonly Option<string?> CommandLine = new("--command") { Description = "What /bin/sh runs", HelpName = "COMMAND" };
    static readonly Option<string?> Host = new("--host") { Description = "The mail server", HelpName = "HOST" };
    static readonly Option<int?> Port = new("--port") { Description = "Its port; 587, of tls 465, of none 25", HelpName = "PORT" };
    static readonly Option<string?> Security = new("--security") { Description = "How the mail server is spoken to; starttls where not given", HelpName = "starttls|tls|none" };
    static readonly Option<string?> Ca = new("--ca") { Description = "Certificates in PEM of those who may vouch for the mail server, instead of the system's", HelpName = "FILE" };
    static readonly Option<string?> User = new("--user") { Description = "Of the mail server", HelpName = "NAME" };
    static readonly Option<string?> Password = new("--password") { Description = "Of the mail server: env:NAME or file:PATH", HelpName = "SECRET" };
    static readonly Option<string?> From = new("--from") { Description = "Who writes the mail", HelpName = "ADDRESS" };
    static readonly Option<string[]> To = new("--to") { Description = "Who gets it", HelpName = "ADDRESS", AllowMultipleArgumentsPerToken = true };

    public static Command Create()
    {
        Type.TakeOnly(NotifierDraft.Types);
        Security.TakeOnly(NotifierDraft.Securities);
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("notifiers", Description) { data, output, CreateCreate(), CreateDelete() };
        command.SetAction(async parsed =>
        {
            var notifiers = AlertsCommand.Open(parsed.GetRequiredValue(data)).Read().Notifiers;
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json"
                ? string.Concat(notifiers.Select(notifier => JsonLine.Write(json =>
                {
                    json.WriteString("notifier", notifier.Name);
                    json.WriteString("type", notifier.Draft.Type);
                    json.WriteString("to", notifier.Draft.Describe());
                    json.WriteBoolean("configured", notifier.Item.IsConfigured);
                    json.WriteString("created", Timestamps.ToRfc3339(notifier.Item.Created));
                })))
                : notifiers.Count == 0
                    ? "no notifiers: notices go to the output of the process that stores\n"
                    : MetricText.Columns([["NOTIFIER", "TYPE", "TO", "NAMED IN"], .. notifiers.Select(notifier => (string[])
                        [notifier.Name, notifier.Draft.Type ?? "-", notifier.Draft.Describe(), notifier.Item.IsConfigured ? "the configuration" : "the store"])]));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateCreate()
    {
        var name = new Argument<string>("NAME") { Description = "Letters, digits, '_', '-' and '.'" };
        var data = CommonOptions.Data();
        var command = new Command("create", CreateDescription) { name, Type, Url, Token, Path, CommandLine, Host, Port, Security, Ca, User, Password, From, To, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var draft = new NotifierDraft
            {
                Name = parsed.GetRequiredValue(name),
                Type = parsed.GetValue(Type),
                Url = parsed.GetValue(Url),
                Token = parsed.GetValue(Token),
                // The process that stores may have another working directory.
                Path = parsed.GetValue(Path) is { } path ? System.IO.Path.GetFullPath(path) : null,
                Command = parsed.GetValue(CommandLine),
                Host = parsed.GetValue(Host),
                Port = parsed.GetValue(Port),
                Security = parsed.GetValue(Security),
                Ca = parsed.GetValue(Ca) is { } ca ? System.IO.Path.GetFullPath(ca) : null,
                User = parsed.GetValue(User),
                Password = parsed.GetValue(Password),
                From = parsed.GetValue(From),
                To = parsed.GetValue(To) ?? [],
            };
            if (draft.Check().Select(mistake => mistake.Text).ToList() is { Count: > 0 } mistakes)
            {
                throw new OptionException(string.Join("\npuppylog: ", mistakes));
            }

            var directory = parsed.GetRequiredValue(data);
            await using (await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(TimeProvider.System), cancellationToken))
            {
                AlertsCommand.Open(directory).Add(draft);
            }

            await Console.Out.WriteLineAsync($"{draft.Name}: made; 'puppylog alerts test ID' sends through it");
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateDelete()
    {
        var name = new Argument<string>("NAME") { Description = "The notifier" };
        var data = CommonOptions.Data();
        var command = new Command("delete", "Forget a notifier; what waits for it waits for one of its name.\n\nExample:\n  puppylog alerts notifiers delete ops") { name, data };
        command.SetAction(parsed =>
        {
            var (notifier, directory) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(data));
            var view = AlertsCommand.Open(directory).Read();
            if (view.Notifiers.All(known => known.Name != notifier))
            {
                throw new UsageException($"there is no notifier '{notifier}'; 'puppylog alerts notifiers' lists them");
            }

            if (view.Rules.Where(rule => rule.Draft.Notify.Contains(notifier)).Select(rule => rule.Id).ToList() is { Count: > 0 } users)
            {
                throw new UsageException($"{string.Join(", ", users)} {(users.Count == 1 ? "tells" : "tell")} '{notifier}'; delete {(users.Count == 1 ? "it" : "them")} first, or make {(users.Count == 1 ? "it" : "them")} anew with another --notify");
            }

            AlertsCommand.Open(directory).DeleteNotifier(notifier);
            return ExitCode.Done;
        });
        return command;
    }
}
