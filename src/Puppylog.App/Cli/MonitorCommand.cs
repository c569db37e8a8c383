using System.CommandLine;
using Puppylog.Alerts;
using Puppylog.App.Tui;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Configuration;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog monitor</c>.</summary>
static class MonitorCommand
{
    const int MaxInterval = 86_400;

    /// <summary>What fits on a large terminal.</summary>
    const int DashboardSections = 60;
    const int DashboardRoutes = 60;

    const string Description = """
        Watch traffic: the sections with the most hits, a summary, and an alert when it is high.

        Every 10 seconds (--interval) it shows the traffic of those seconds. When the average of the past 2 minutes
        (--window) exceeds 10 requests per second (--threshold) it says so, and again when it is back below.
        On a terminal it is a dashboard: overview, live tail with a filter, streams, metrics, alerts; its keys stand at the
        bottom, ? explains them. Piped, it prints a block per interval, and each alert on a line of its own.

        Without --replay, requests count when they arrive: a file is read from its end on, rotation and truncation are
        followed. With --replay an old file is played by its own timestamps, as fast as it can be read.
        Without -s it watches what a running 'puppylog collect' stores, with --server what a server does.

        Examples:
          puppylog monitor -s /var/log/nginx/access.log
          puppylog monitor -s access.log --window 60 --threshold 2.5 | tee traffic.txt
          puppylog monitor -s old.log --replay | grep '^High traffic'
          puppylog monitor --data /srv/logs -o json
          puppylog monitor --server http://10.0.0.5:7447 --token-file token
        """;

    public static Command Create()
    {
        var source = new Option<string[]>("--source", "-s")
        {
            Description = "A file or named pipe to watch, - for stdin; may be repeated. Without it, the store",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var interval = new Option<int>("--interval") { Description = "Seconds that a summary covers", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };
        var window = new Option<int>("--window") { Description = "Seconds that the alert's average covers", HelpName = "SECONDS", DefaultValueFactory = _ => TrafficRule.Default.Window };
        var threshold = new Option<decimal>("--threshold") { Description = "Requests per second above which traffic is high", HelpName = "RATE", DefaultValueFactory = _ => TrafficRule.Default.Threshold };
        var replay = new Option<bool>("--replay") { Description = "Play the file from its beginning, by its own timestamps" };
        var format = CommonOptions.Format();
        var multiline = CommonOptions.Multiline();
        var data = CommonOptions.Data();
        var server = new Option<string?>("--server") { Description = "Watch the store of a server instead", HelpName = "URL" };
        var output = CommonOptions.Output("text", "json");
        var noColour = new Option<bool>("--no-color") { Description = "A dashboard without colours; NO_COLOR in the environment says the same" };
        var mouse = new Option<bool>("--mouse") { Description = "Let the dashboard have the mouse: the wheel scrolls, a click chooses a view" };
        var command = new Command("monitor", Description) { source, interval, window, threshold, replay, format, multiline, data, server, TokenOptions.Token, TokenOptions.TokenFile, AgentCommand.Authority, output, noColour, mouse };
        command.SetAction((parsed, cancellationToken) =>
        {
            var files = parsed.GetValue(source) ?? [];
            var settings = Settings(
                files.Length > 0 ? string.Join(", ", files) : parsed.GetValue(server) ?? parsed.GetValue(data)!,
                parsed.GetValue(interval),
                parsed.GetValue(window),
                parsed.GetValue(threshold));
            var playing = parsed.GetValue(replay);
            Check(files, playing);
            var link = parsed.GetValue(server) is { } url ? Connect(url, files, parsed) : null;
            ITrafficFeed Open(Action<string> notice) => link is not null ? new ServerFeed(link, notice, TimeProvider.System)
                : files.Length == 0
                ? new StoreFeed(parsed.GetValue(data)!, notice, TimeProvider.System)
                : new LogFeed(files, new(parsed.GetRequiredValue(format), parsed.GetRequiredValue(multiline)), playing, notice, Console.OpenStandardInput, TimeProvider.System);
            var look = new DashboardLook(!parsed.GetValue(noColour) && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 }, parsed.GetValue(mouse));
            return parsed.GetValue(output) == "text" && IsTerminal
                ? DrawAsync(settings, Open, feed => link is not null ? new ServerBoards(link) : feed is LogFeed log ? new FileBoards(log) : new StoreBoards(parsed.GetValue(data)!, TimeProvider.System), look, playing, cancellationToken)
                : PrintAsync(settings, Open, playing, parsed.GetValue(output) == "json", cancellationToken);
        });
        return command;
    }

    /// <summary>True where something can be drawn in place.</summary>
    static bool IsTerminal => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <exception cref="OptionException">It is no address, or files are named, too.</exception>
    static DashboardLink Connect(string url, string[] files, ParseResult parsed) =>
        files.Length > 0 ? throw new OptionException("-s watches files, --server a server's store: name one of them")
        : AgentConfiguration.TryParseServer(url, out var server) ? new(server, TokenOptions.Read(parsed, null), AgentCommand.ReadAuthority(parsed.GetValue(AgentCommand.Authority)), TimeProvider.System)
        : throw new OptionException($"--server takes a URL like http://10.0.0.5:7447; not '{url}'");

    static void Check(string[] files, bool replay)
    {
        if (replay && files.Length == 0)
        {
            throw new OptionException("--replay needs a file: name it with -s");
        }

        if (!replay && Array.Find(files, file => file.EndsWith(".gz", StringComparison.Ordinal) && File.Exists(file)) is { } compressed)
        {
            throw new OptionException($"{compressed} is compressed, nothing is appended to it: play it with --replay");
        }
    }

    static WatchSettings Settings(string source, int interval, int window, decimal threshold)
    {
        if (interval is < 1 or > MaxInterval)
        {
            throw new OptionException($"--interval takes 1 to {MaxInterval} seconds");
        }

        if (window is < 1 or > TrafficRule.MaxWindow)
        {
            throw new OptionException($"--window takes 1 to {TrafficRule.MaxWindow} seconds");
        }

        if (threshold is < 0 or > TrafficRule.MaxThreshold)
        {
            throw new OptionException($"--threshold takes 0 to {TrafficRule.MaxThreshold:0} requests per second");
        }

        return new(source, new TrafficRule(window, threshold), interval);
    }

    static async Task<int> DrawAsync(
        WatchSettings settings, Func<Action<string>, ITrafficFeed> open, Func<ITrafficFeed, IBoards> boards, DashboardLook look, bool replay, CancellationToken cancellationToken)
    {
        var state = new WatchState(settings with { Sections = DashboardSections, Routes = DashboardRoutes });
        var model = new DashboardModel(state);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var output = StandardOutput.Open();
        // The feed may tell of its troubles before there is something that shows them.
        Dashboard? dashboard = null;
        var feed = open(notice => dashboard?.Notice(notice));
        await using var beside = boards(feed);
        dashboard = new Dashboard(model, beside, output, look, TimeProvider.System);
        var drawing = dashboard.RunAsync(stop.Cancel, stop.Token);
        try
        {
            await WatchAsync(state, dashboard, feed, new TailedFeed(feed, model), replay, stop.Token);
            if (!stop.IsCancellationRequested && dashboard.End("The log has ended · q leaves"))
            {
                await drawing;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await drawing;
        }

        return ExitCode.Done;
    }

    static async Task<int> PrintAsync(WatchSettings settings, Func<Action<string>, ITrafficFeed> open, bool replay, bool json, CancellationToken cancellationToken)
    {
        await using var output = StandardOutput.Open();
        var text = new LineOutput(output);
        IWatchDisplay display = json ? new JsonDisplay(text, Console.Error) : new TextDisplay(text, Console.Error);
        var feed = open(display.Notice);
        await WatchAsync(new WatchState(settings), display, feed, feed, replay, cancellationToken);
        return ExitCode.Done;
    }

    /// <param name="state">What is watched.</param>
    /// <param name="display">Is told what happened.</param>
    /// <param name="feed">Where it comes from.</param>
    /// <param name="shown">The same, as it is shown; a first reading that only counts goes by the other.</param>
    /// <param name="replay">By the records' own time.</param>
    static async Task WatchAsync(WatchState state, IWatchDisplay display, ITrafficFeed feed, ITrafficFeed shown, bool replay, CancellationToken cancellationToken)
    {
        try
        {
            if (replay)
            {
                await Task.Run(() => ReplayAsync(state, display, feed, shown, cancellationToken), cancellationToken);
            }
            else
            {
                await new LiveTraffic(state, display, TimeProvider.System).RunAsync(shown, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C, q and a closed pipe are how watching ends.
        }
    }

    static async Task ReplayAsync(WatchState state, IWatchDisplay display, ITrafficFeed feed, ITrafficFeed shown, CancellationToken cancellationToken)
    {
        SecondCounts? counts = null;
        if (feed is LogFeed { IsRepeatable: true })
        {
            counts = new SecondCounts();
            await feed.RunAsync(counts, cancellationToken);
            if (!counts.IsComplete)
            {
                counts = null;
                display.Notice($"the log spans too long a time for lines that are more than {ReplayTraffic.Lag} s late to count in alerts");
            }
        }

        var traffic = new ReplayTraffic(state, display, counts);
        await shown.RunAsync(traffic, cancellationToken);
        traffic.End();
    }
}
