using System.Runtime.InteropServices;
using Puppylog.Alerts;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.App.Tui;

/// <summary>
/// Redraws what is watched in place until it is told to stop; <c>q</c> stops it. Afterwards the terminal is as it was, and
/// the alert messages are printed on it, a line each.
/// </summary>
sealed class Dashboard(WatchState state, Stream terminal, TimeProvider clock) : IWatchDisplay
{
    /// <summary>Also how soon a resized terminal is noticed.</summary>
    static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(200);

    readonly TerminalScreen _screen = new(terminal);

    public void Alert(AlertTransition transition)
    {
    }

    public void Interval(TrafficSummary summary)
    {
    }

    public void Silence(long start, long end, long intervals)
    {
    }

    public void Unplaced(long invalid, long late)
    {
    }

    public void Notice(string sentence)
    {
        lock (state.Sync)
        {
            state.Notice = sentence;
        }
    }

    /// <summary>Draws until cancelled; <paramref name="quit"/> is called when the user asks to stop.</summary>
    public async Task RunAsync(Action quit, CancellationToken cancellationToken)
    {
        EventHandler restore = (_, _) => _screen.Restore();
        AppDomain.CurrentDomain.ProcessExit += restore;
        using var continued = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _screen.Forget());
        if (!Console.IsInputRedirected)
        {
            new Thread(() => WatchKeys(quit)) { IsBackground = true, Name = "keys" }.Start();
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Draw();
                await Task.Delay(FrameTime, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (IOException)
        {
            // The terminal is gone.
            quit();
        }
        catch
        {
            // Nothing would be seen of what goes on.
            quit();
            throw;
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= restore;
            Leave();
        }
    }

    void Draw()
    {
        var (width, height) = Size();
        string[] lines;
        lock (state.Sync)
        {
            lines = FrameRenderer.Render(new DashboardFrame(state, width, height).Build(), width, height, Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 });
        }

        _screen.Draw(lines, width);
    }

    void Leave()
    {
        try
        {
            _screen.Restore();
            using var text = new StreamWriter(terminal, leaveOpen: true) { NewLine = "\n" };
            foreach (var transition in state.History)
            {
                text.WriteLine(transition.Message);
            }
        }
        catch (IOException)
        {
            // Nobody is left to read it.
        }
    }

    void WatchKeys(Action quit)
    {
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                if (key.KeyChar is 'q' or 'Q' or '\x3')
                {
                    quit();
                    return;
                }

                _screen.Forget();
            }
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or IOException)
        {
            // No keyboard: Ctrl-C still ends it.
        }
    }

    /// <summary>80×24 where the terminal does not say.</summary>
    static (int Width, int Height) Size()
    {
        try
        {
            var (width, height) = (Console.WindowWidth, Console.WindowHeight);
            return width > 0 && height > 0 ? (Math.Min(width, 500), Math.Min(height, 200)) : (80, 24);
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }
}
