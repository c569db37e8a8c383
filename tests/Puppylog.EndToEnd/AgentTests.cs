using System.Buffers;
using System.Globalization;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>
/// Agents and their server, both killed at random moments while a file grows and is rotated and a pipe is written to: each
/// line is stored exactly once. <c>$PUPPYLOG_KILLS</c> sets how often (20), <c>$PUPPYLOG_SEED</c> repeats a run.
/// </summary>
public sealed class AgentTests(PublishedProgram program) : IDisposable
{
    const int LongestLife = 1500;

    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_line_is_stored_once_however_often_agent_and_server_are_killed()
    {
        var kills = Setting("PUPPYLOG_KILLS", 20);
        var seed = Setting("PUPPYLOG_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper!.WriteLine($"PUPPYLOG_SEED={seed}");
        using var ended = new CancellationTokenSource();
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        File.WriteAllBytes(Log, []);
        var written = new ArrayBufferWriter<byte>();
        var writing = Task.Run(() => WriteAsync(new Random(seed), written, ended.Token), Cancellation);
        try
        {
            await KillAsync(server, kills, new Random(seed + 1));
            await using var last = Agent(server.Url);
            await ended.CancelAsync();
            await program.WaitForCountAsync(_directory.Data, await writing, last);
            await last.StopAsync();
        }
        finally
        {
            await ended.CancelAsync();
            await writing;
        }

        AccessLines.AssertSame(written.WrittenSpan.ToArray(), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task What_came_on_stdin_while_the_server_was_away_is_stored_once_by_a_later_agent()
    {
        await using var server = new AgentServer(program, _directory.Data);
        var lines = AccessLines.Lines(0, 5000);
        await using (var agent = Agent(server.Url, "-"))
        {
            await agent.Input.WriteAsync(lines, Cancellation);
            await agent.Input.FlushAsync(Cancellation);
            await agent.WaitForErrorAsync(said => said.Any(line => line.Contains("cannot be reached", StringComparison.Ordinal)), "the server is missed");
            await SpooledAsync(lines.Length);
            agent.Kill();
            await agent.WaitForExitAsync();
        }

        await using (var agent = Agent(server.Url, "-"))
        {
            await agent.Input.WriteAsync(AccessLines.Lines(5010, 10), Cancellation);
            await agent.Input.FlushAsync(Cancellation);
            await agent.WaitForErrorAsync(said => said.Any(line => line.Contains("cannot be reached", StringComparison.Ordinal)), "the server is missed");
            agent.Terminate();
            await agent.WaitForExitAsync();
            Assert.DoesNotContain(agent.ErrorLines, line => line.Contains("Unhandled", StringComparison.Ordinal));
        }

        await server.StartAsync();
        // The next agent reads something else; what is left of stdin is sent all the same.
        AccessLines.Append(Log, AccessLines.Lines(5000, 10));
        await using var next = Agent(server.Url);
        await program.WaitForCountAsync(_directory.Data, 5020, next);
        await next.StopAsync();
        AccessLines.AssertSame(AccessLines.Lines(0, 5020), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task Stdin_that_ends_ends_the_agent_when_everything_is_stored()
    {
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        var result = (await program.RunAsync(["agent", "-s", "-", "--server", server.Url, "--data", _directory["agent"]], AccessLines.Lines(0, 1000))).Expect(0);
        Assert.Contains("1,000 stored", result.Text, StringComparison.Ordinal);
        AccessLines.AssertSame(AccessLines.Lines(0, 1000), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task Wrong_token_is_said_and_the_right_one_lets_in()
    {
        await using var server = new AgentServer(program, _directory.Data, "--token", "secret");
        await server.StartAsync();
        AccessLines.Append(Log, AccessLines.Lines(0, 10));
        await using (var wrong = Agent(server.Url, Log, "--token", "other"))
        {
            await wrong.WaitForErrorAsync(said => said.Any(line => line.Contains("refuses this agent (the token is missing or another one)", StringComparison.Ordinal)), "the refusal");
            await wrong.StopAsync();
        }

        await using var right = Agent(server.Url, Log, "--token", "secret");
        await program.WaitForCountAsync(_directory.Data, 10, right);
        await right.StopAsync();
    }

    [Fact]
    public async Task Server_collects_sources_of_its_own_beside_agents_with_files_of_the_same_name()
    {
        AccessLines.Append(Log, AccessLines.Lines(0, 100));
        await using var server = new AgentServer(program, _directory.Data, "-s", Log);
        await server.StartAsync();
        await program.WaitForCountAsync(_directory.Data, 100, server.Running);
        await using var agent = Agent(server.Url);
        await program.WaitForCountAsync(_directory.Data, 200, agent);
        AccessLines.Append(Log, AccessLines.Lines(100, 50));
        await program.WaitForCountAsync(_directory.Data, 300, agent);
        await agent.StopAsync();
        await server.Running.StopAsync();
    }

    async Task KillAsync(AgentServer server, int kills, Random random)
    {
        var agent = Agent(server.Url);
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(random.Next(LongestLife), Cancellation);
            Assert.False(agent.HasExited, $"the agent ended by itself: {string.Join('\n', agent.ErrorLines)}");
            if (random.Next(2) == 0)
            {
                agent.Kill();
                await agent.WaitForExitAsync();
                await agent.DisposeAsync();
                agent = Agent(server.Url);
            }
            else
            {
                await server.KillAsync();
                await Task.Delay(random.Next(500), Cancellation);
                await server.StartAsync();
            }
        }

        agent.Kill();
        await agent.WaitForExitAsync();
        await agent.DisposeAsync();
    }

    /// <summary>Appends lines in pieces that end anywhere, and rotates the file once the store has something of it; returns how many.</summary>
    async Task<int> WriteAsync(Random random, ArrayBufferWriter<byte> written, CancellationToken ended)
    {
        var (line, firstOfFile, rotations) = (0, 0, 0);
        while (!ended.IsCancellationRequested)
        {
            var count = random.Next(1, 200);
            var bytes = AccessLines.Lines(line, count);
            line += count;
            written.Write(bytes);
            for (var at = 0; at < bytes.Length;)
            {
                var piece = Math.Min(bytes.Length - at, random.Next(1, 4096));
                AccessLines.Append(Log, bytes[at..(at + piece)]);
                at += piece;
            }

            if (line - firstOfFile > 5000 && await IsStoredAsync(firstOfFile))
            {
                File.Move(Log, _directory[$"access.log.{++rotations}"]);
                File.WriteAllBytes(Log, []);
                firstOfFile = line;
            }

            await Task.Delay(random.Next(30), CancellationToken.None);
        }

        return line;
    }

    async Task<bool> IsStoredAsync(int line)
    {
        var filter = string.Create(CultureInfo.InvariantCulture, $"route:=\"/seq/{line:D7}\"");
        return (await program.RunAsync("search", filter, "--data", _directory.Data, "-o", "raw")).ExitCode == 0;
    }

    Task SpooledAsync(int bytes) => Eventually.HoldsAsync(
        () => Directory.Exists(_directory["agent/spool"])
            && Directory.GetFiles(_directory["agent/spool"], "*.spool", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) > bytes,
        () => "the lines never came to be in the spool");

    RunningProgram Agent(string url, string? source = null, params string[] more) =>
        program.Start(["agent", "-s", source ?? Log, "--server", url, "--data", _directory["agent"], .. more]);

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
