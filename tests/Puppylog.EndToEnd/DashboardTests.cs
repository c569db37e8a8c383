using System.Globalization;
using System.Text.RegularExpressions;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>monitor</c> on a real terminal.</summary>
public sealed partial class DashboardTests(PublishedProgram program) : IDisposable
{
    /// <summary>The alternate screen off; cursor and wrapping on; no mouse.</summary>
    const string Plain = "0101";

    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("q", "q")]
    [InlineData("Ctrl-C", "C-c")]
    [InlineData("SIGTERM", "kill -TERM")]
    [InlineData("SIGHUP", "kill -HUP")]
    [InlineData("SIGQUIT", "kill -QUIT")]
    public async Task Terminal_is_left_as_it_was(string how, string end)
    {
        File.WriteAllText(Log, "");
        await using var terminal = await StartAsync(80, 24);
        await terminal.TypeAsync($"stty -a >before; sh -c 'echo $$ >pid; exec $puppylog monitor -s access.log {(how == "SIGTERM" ? "--mouse" : "")}'; echo ended $?; stty -a >after");
        await terminal.WaitForAsync("1 Overview");
        Assert.Equal(how == "SIGTERM" ? "1010" : "1000", await terminal.ModesAsync());
        if (end.StartsWith("kill", StringComparison.Ordinal))
        {
            (await program.RunScriptAsync($"{end} $(cat \"$1\")", _directory["pid"])).Expect(0);
        }
        else
        {
            await terminal.PressAsync(end);
        }

        await terminal.WaitForAsync("ended 0");
        Assert.Equal(Plain, await terminal.ModesAsync());
        await Eventually.HoldsAsync(() => File.Exists(_directory["after"]) && File.ReadAllText(_directory["after"]).Length > 0, () => "there is no second stty");
        Assert.Equal(File.ReadAllText(_directory["before"]), File.ReadAllText(_directory["after"]));
        Assert.DoesNotContain(await terminal.LinesAsync(), line => line.Contains("1 Overview", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signal_with_the_first_bytes_of_the_picture_ends_it_as_later()
    {
        File.WriteAllText(Log, "");
        const string Script = """
            cd "$1"
            for try in 1 2 3 4 5 6 7 8 9 10; do
                TERM=xterm script -qefc 'echo $$ >pid; exec env --default-signal=INT "$puppylog" monitor -s access.log' /dev/null |
                    { read -r -d w; read -r pid <pid; kill -INT $pid; cat >/dev/null; }
                end=${PIPESTATUS[0]}
                [ $end = 0 ] || exit $end
            done
            """;
        (await program.RunScriptAsync(Script, _directory.Root)).Expect(0);
    }

    [Fact]
    public async Task A_source_that_cannot_be_played_ends_it_and_the_terminal_is_left_as_it_was()
    {
        await using var terminal = await StartAsync(80, 24);
        await terminal.TypeAsync("$puppylog monitor -s missing.log --replay; echo ended $?");
        await terminal.WaitForAsync("ended 2");
        await terminal.WaitForAsync("missing.log");
        Assert.Equal(Plain, await terminal.ModesAsync());
    }

    [Fact]
    public async Task Stopped_it_gives_the_terminal_back_and_takes_it_again()
    {
        File.WriteAllText(Log, "");
        await using var terminal = await StartAsync(80, 24);
        await terminal.TypeAsync("$puppylog monitor -s access.log");
        await terminal.WaitForAsync("1 Overview");
        await terminal.PressAsync("C-z");
        await terminal.WaitForAsync("Stopped");
        Assert.Equal(Plain, await terminal.ModesAsync());
        await terminal.TypeAsync("fg; echo ended $?");
        await terminal.WaitForAsync("1 Overview");
        await terminal.PressAsync("3");
        await terminal.WaitForAsync("─ Streams");
        await terminal.PressAsync("q");
        await terminal.WaitForAsync("ended 0");
        Assert.Equal(Plain, await terminal.ModesAsync());
    }

    [Fact]
    public async Task A_file_is_shown_and_its_alerts_are_printed_at_the_end()
    {
        File.WriteAllText(Log, "");
        await using var terminal = await StartAsync(100, 30);
        await terminal.TypeAsync("$puppylog monitor -s access.log --interval 1 --window 4 --threshold 5");
        var before = await BeginAsync(terminal);
        AccessLines.Append(Log, AccessLines.Lines(1000, 400));
        await terminal.WaitForAsync("HIGH TRAFFIC");
        await terminal.WaitForAsync("High traffic generated an alert - hits = ");
        await terminal.PressAsync("2");
        await terminal.WaitForAsync($"following · {before + 400} records");
        await terminal.PressAsync("/", "s", "t", "a", "t", "u", "s", ":", "(");
        await terminal.WaitForAsync("expected");
        await terminal.PressAsync("C-u", "n", "o", "n", "e", "Enter");
        await terminal.WaitForAsync("nothing that came matches the filter");
        await terminal.PressAsync("Escape");
        await terminal.WaitForAsync("all records (press /)");
        await terminal.PressAsync("3");
        await terminal.WaitForAsync(lines => lines.Any(line => line.Contains($" {before + 400} ", StringComparison.Ordinal) && line.EndsWith("access.log", StringComparison.Ordinal)), "the stream");
        await terminal.PressAsync("4");
        await terminal.WaitForAsync("Metrics are kept by a store");
        await terminal.PressAsync("5");
        await terminal.WaitForAsync("History of traffic");
        await terminal.WaitForAsync("High traffic alert recovered - hits = ");
        await terminal.PressAsync("q");
        await terminal.WaitForAsync(lines => lines.Count(line => line.StartsWith("High traffic", StringComparison.Ordinal)) == 2, "the alerts on the terminal");
    }

    [Fact]
    public async Task A_store_is_shown_with_the_numbers_that_search_gives()
    {
        await using var collector = program.Start("collect", "-s", Log, "--watch", "--data", _directory.Data);
        File.WriteAllBytes(Log, AccessLines.Lines(0, 300));
        await program.WaitForCountAsync(_directory.Data, 300, collector);
        (await program.RunAsync("metrics", "create", "-id", "lines", "-s", "count", "-pr", "1", "--data", _directory.Data)).Expect(0);
        await using var terminal = await StartAsync(100, 30);
        await terminal.TypeAsync("$puppylog monitor --data data");
        await terminal.WaitForAsync("1 Overview");
        await terminal.PressAsync("2");
        // What the store had before, newest last; then what comes.
        await terminal.WaitForAsync("/seq");
        AccessLines.Append(Log, AccessLines.Lines(300, 50));
        await terminal.WaitForAsync("following · 50 records");
        await terminal.PressAsync("1");
        await terminal.WaitForAsync("50 records so far");
        await terminal.PressAsync("3");
        var count = await program.CountAsync(_directory.Data);
        await terminal.WaitForAsync(lines => lines.Any(line => line.Contains($" {count} ", StringComparison.Ordinal) && line.Contains("access.log", StringComparison.Ordinal)), $"{count} records of the stream");
        await terminal.PressAsync("4");
        await terminal.WaitForAsync("─ lines ─");
        await terminal.WaitForAsync("1 s a column");
        await terminal.PressAsync("q");
        await terminal.WaitForAsync(lines => !lines.Any(line => line.Contains("1 Overview", StringComparison.Ordinal)), "the end");
        await collector.StopAsync();
    }

    [Fact]
    public async Task A_server_is_watched_with_its_token_through_its_restart()
    {
        File.WriteAllText(_directory["token"], "a-word");
        File.WriteAllBytes(Log, AccessLines.Lines(0, 100));
        await using var server = new AgentServer(program, _directory.Data, "-s", Log, "--token-file", _directory["token"]);
        await server.StartAsync();
        await program.WaitForCountAsync(_directory.Data, 100);
        await using var terminal = await StartAsync(100, 30);
        await terminal.TypeAsync($"$puppylog monitor --server {server.Url}; echo ended $?");
        await terminal.WaitForAsync("ended 2");
        await terminal.TypeAsync($"clear; $puppylog monitor --server {server.Url} --token-file token; echo ended $?");
        await terminal.WaitForAsync("1 Overview");
        await terminal.PressAsync("2");
        await terminal.WaitForAsync("/seq/0000099");
        AccessLines.Append(Log, AccessLines.Lines(100, 50));
        await terminal.WaitForAsync("/seq/0000149");
        await terminal.PressAsync("3");
        await terminal.WaitForAsync(lines => lines.Any(line => line.Contains(" 150 ", StringComparison.Ordinal) && line.Contains("access.log", StringComparison.Ordinal)), "the stream");
        await server.KillAsync();
        await terminal.WaitForAsync("cannot be reached");
        await server.StartAsync();
        await terminal.PressAsync("1");
        await terminal.WaitForAsync("the server is there again");
        await terminal.PressAsync("q");
        await terminal.WaitForAsync("ended 0");
    }

    [Fact]
    public async Task A_resized_terminal_is_drawn_anew()
    {
        File.WriteAllText(Log, "");
        await using var terminal = await StartAsync(80, 24);
        await terminal.TypeAsync("$puppylog monitor -s access.log; echo ended $?");
        await terminal.WaitForAsync("1 Overview");
        foreach (var (width, height) in ((int, int)[])[(200, 60), (40, 10), (20, 5), (120, 40), (80, 24)])
        {
            await terminal.ResizeAsync(width, height);
            var last = width < 30 ? "q quits" : width >= 60 ? "1 Overview" : " 1  2 ";
            await terminal.WaitForAsync(lines => lines.Length > height - 2 && lines.Any(line => line.Contains(last, StringComparison.Ordinal)), $"{width}×{height}");
            // Each line that is ruled goes from the first column to the last.
            await terminal.WaitForAsync(lines => width < 30 || lines.Count(line => line.Length == width && line.StartsWith('─') && line.EndsWith('─')) >= 2, $"rules of {width} columns");
        }

        await terminal.PressAsync("q");
        await terminal.WaitForAsync("ended 0");
    }

    [Theory]
    [InlineData("--no-color", false)]
    [InlineData("", true)]
    public async Task Colours_can_be_left_out(string option, bool hasColours)
    {
        File.WriteAllText(Log, "");
        await using var terminal = await StartAsync(80, 24);
        await terminal.TypeAsync($"$puppylog monitor -s access.log {option}");
        await terminal.WaitForAsync("1 Overview");
        Assert.Equal(hasColours, Colour().IsMatch(await terminal.ColouredAsync()));
    }

    [Fact]
    public async Task What_a_log_says_cannot_steer_the_terminal()
    {
        File.WriteAllText(Log, "");
        await using var terminal = await StartAsync(80, 24);
        await terminal.TypeAsync("$puppylog monitor -s access.log");
        await BeginAsync(terminal);
        await terminal.PressAsync("2");
        const string Hostile = "/\e[2J\e[?1049l\e]0;evil\a\u009b31m日本語e\u0301👍";
        AccessLines.Append(Log, System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => AccessLines.Line(i).Replace("/seq", Hostile, StringComparison.Ordinal) + "\n"))));
        await terminal.WaitForAsync("/0000039");
        Assert.Equal("1000", await terminal.ModesAsync());
        var lines = await terminal.LinesAsync();
        Assert.StartsWith(" puppylog", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("日本語e\u0301👍/0000039", StringComparison.Ordinal));
    }

    /// <summary>Appends lines until the first one is seen: what is there before a file is opened does not count.</summary>
    /// <returns>How many are seen.</returns>
    async Task<int> BeginAsync(TerminalSession terminal)
    {
        await terminal.WaitForAsync("no traffic");
        var lines = 0;
        await terminal.WaitForAsync(
            screen =>
            {
                if (screen.Any(line => line.EndsWith(" 0 records so far", StringComparison.Ordinal)))
                {
                    AccessLines.Append(Log, AccessLines.Lines(lines++, 1));
                }

                return screen.Any(line => Seen().Match(line) is { Success: true } match && match.Groups[1].Value != "0");
            },
            "the first record");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        return int.Parse(Seen().Match(string.Join('\n', await terminal.LinesAsync())).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    Task<TerminalSession> StartAsync(int width, int height) => TerminalSession.StartAsync(program.Executable, program.Home, _directory.Root, width, height);

    [GeneratedRegex(@"· (\d+) records so far", RegexOptions.CultureInvariant)]
    private static partial Regex Seen();

    [GeneratedRegex(@"\e\[[0-9;]*3[1-6]", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();
}
