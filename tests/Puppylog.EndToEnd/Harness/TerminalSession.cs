using System.Diagnostics;
using System.Globalization;

namespace Puppylog.EndToEnd.Harness;

/// <summary>A shell in a real terminal (tmux), whose screen can be read and whose keys can be pressed.</summary>
sealed class TerminalSession : IAsyncDisposable
{
    readonly string _socket = $"puppylog-e2e-{Guid.NewGuid():N}";

    TerminalSession()
    {
    }

    /// <summary>Skips the test where there is no tmux.</summary>
    /// <param name="program">The program, <c>$puppylog</c> in the shell.</param>
    /// <param name="home">The shell's home.</param>
    /// <param name="directory">Where the shell stands.</param>
    public static async Task<TerminalSession> StartAsync(string program, string home, string directory, int width, int height)
    {
        var session = new TerminalSession();
        if (await TryAsync("tmux", "-V") is null)
        {
            Assert.Skip("tmux is not on the path");
        }

        await session.TmuxAsync(
            "new-session", "-d", "-s", "t", "-x", Text(width), "-y", Text(height), "-c", directory, "-e", $"puppylog={program}", "-e", $"HOME={home}", "-e", "NO_COLOR=", "bash --norc --noprofile");
        await session.TmuxAsync("set", "-g", "window-size", "manual");
        await session.TypeAsync("PS1='$ '; clear");
        await session.WaitForAsync(lines => lines is ["$", ..] && lines.Skip(1).All(line => line.Length == 0), "the shell");
        return session;
    }

    /// <summary>A line for the shell.</summary>
    public async Task TypeAsync(string line)
    {
        await TmuxAsync("send-keys", "-t", "t", "-l", line);
        await PressAsync("Enter");
    }

    /// <summary>Keys by tmux' names.</summary>
    public Task PressAsync(params string[] keys) => TmuxAsync(["send-keys", "-t", "t", .. keys]);

    public Task ResizeAsync(int width, int height) => TmuxAsync("resize-window", "-t", "t", "-x", Text(width), "-y", Text(height));

    /// <summary>The screen's lines without the blanks at their ends.</summary>
    public async Task<string[]> LinesAsync() => [.. (await TmuxAsync("capture-pane", "-p", "-t", "t")).Split('\n').Select(line => line.TrimEnd())];

    /// <summary>The screen with its escape sequences for colours and weights.</summary>
    public Task<string> ColouredAsync() => TmuxAsync("capture-pane", "-e", "-p", "-t", "t");

    /// <summary><c>alternate screen, cursor, mouse, wrapping</c> as 0 and 1.</summary>
    public async Task<string> ModesAsync() => (await TmuxAsync("display", "-p", "-t", "t", "#{alternate_on}#{cursor_flag}#{mouse_any_flag}#{wrap_flag}")).Trim();

    public Task WaitForAsync(string text) => WaitForAsync(lines => lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"'{text}'");

    public async Task WaitForAsync(Func<string[], bool> condition, string what)
    {
        string[] lines = [];
        var limit = Stopwatch.StartNew();
        while (!condition(lines = await LinesAsync()))
        {
            Assert.True(limit.Elapsed < Eventually.Patience, $"waited in vain for {what}; the screen:\n{string.Join('\n', lines)}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends the shell and what runs in it, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        var shell = (await TryAsync("tmux", "-L", _socket, "display", "-p", "-t", "t", "#{pane_pid}"))?.Trim();
        var children = shell is null ? null : await TryAsync("ps", "-o", "pid=", "--ppid", shell);
        await TryAsync("tmux", "-L", _socket, "kill-server");
        foreach (var process in (children ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(shell).OfType<string>())
        {
            var limit = Stopwatch.StartNew();
            while (Directory.Exists($"/proc/{process}") && limit.Elapsed < Eventually.Patience)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    async Task<string> TmuxAsync(params string[] arguments) =>
        await TryAsync("tmux", ["-f", "/dev/null", "-L", _socket, .. arguments]) ?? throw new InvalidOperationException($"tmux {string.Join(' ', arguments)} failed");

    /// <summary>Its output; null where it failed or is not there.</summary>
    static async Task<string?> TryAsync(string file, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
