using System.CommandLine;
using Puppylog.Alerts.Keeping;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Tui.Terminal;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts observe</c>.</summary>
static class ObserveCommand
{
    const string Description = """
        Look on: where the alerts stand, redrawn every 10 seconds (-rr), until Ctrl-C. Where the output is no terminal it
        prints a line per alert each time.

        It only shows: whoever stores evaluates them.

        Examples:
          puppylog alerts observe
          puppylog alerts observe -rr 1
          puppylog alerts observe -o json | jq 'select(.state == "firing")'
        """;

    public static Command Create()
    {
        var refresh = SecondsOption.Create("--refresh_rate", "Seconds between two looks [default: 10]");
        refresh.Aliases.Add("-rr");
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("observe", Description) { refresh, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var seconds = parsed.GetValue(refresh) ?? 10;
            if (seconds is < 1 or > 86_400)
            {
                throw new OptionException("--refresh_rate takes 1 to 86400 seconds");
            }

            await RunAsync(AlertsCommand.Open(parsed.GetRequiredValue(data)), TimeSpan.FromSeconds(seconds), parsed.GetValue(output) == "json", cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    static async Task RunAsync(AlertStore store, TimeSpan pause, bool json, CancellationToken cancellationToken)
    {
        await using var stream = StandardOutput.Open();
        var isTerminal = !json && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        var screen = isTerminal ? new TerminalScreen(stream, colours: false) : null;
        var lines = new LineOutput(stream);
        using var timer = new PeriodicTimer(pause, TimeProvider.System);
        try
        {
            do
            {
                var (view, now) = (store.Read(), AlertsCommand.Now());
                if (screen is not null)
                {
                    Draw(screen, AlertTable.List(view, now));
                }
                else
                {
                    lines.Write(json ? AlertTable.ListJson(view, now) : AlertTable.Lines(view, now));
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C and a closed pipe are how looking on ends.
        }
        finally
        {
            screen?.Restore();
        }
    }

    static void Draw(TerminalScreen screen, string table)
    {
        var (width, height) = TerminalDevice.Size();
        var canvas = new Canvas(width, height);
        var rows = table.Split('\n');
        for (var row = 0; row < Math.Min(rows.Length, height - 1); row++)
        {
            canvas.Whole.Write(0, row, rows[row]);
        }

        canvas.Whole.Write(0, height - 1, "Ctrl-C ends");
        screen.Draw(canvas);
    }
}
