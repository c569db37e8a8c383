using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>agent --config</c>, read again on SIGHUP.</summary>
public sealed class AgentConfigurationTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    string Configuration => _directory["puppylog.yaml"];

    string Log => _directory["a.log"];

    string Pipe => _directory["app.pipe"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Sources_come_and_go_and_change_with_the_file_and_each_line_is_stored_once()
    {
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        Write(server, "{path: a.log, format: text, fields: {application_name: one}}");
        File.WriteAllText(Log, "a1\na2\n");
        await using var agent = program.Start("agent", "--config", Configuration);
        await program.WaitForCountAsync(_directory.Data, 2, agent);

        await ReloadAsync(agent, server, "{path: a.log, format: text, fields: {application_name: two}}", $"{{fifo: {Pipe}, format: text}}", "{exec: 'echo e1; exec sleep 600', format: text}");
        File.AppendAllText(Log, "a3\n");
        await WritePipeAsync("p1\np2\n");
        await program.WaitForCountAsync(_directory.Data, 6, agent);
        Assert.Equal(2, await program.CountAsync(_directory.Data, "application_name:=one"));
        Assert.Equal(1, await program.CountAsync(_directory.Data, "application_name:=two"));

        // Let go of, and named again: it goes on where it was left.
        await ReloadAsync(agent, server, "{path: a.log, format: text}");
        await ReloadAsync(agent, server, "{path: a.log, format: text}", $"{{fifo: {Pipe}, format: text}}");
        await WritePipeAsync("p3\n");
        await program.WaitForCountAsync(_directory.Data, 7, agent);
        await agent.StopAsync();
        Assert.Equal(["a1", "a2", "a3", "e1", "p1", "p2", "p3"], await LinesAsync());
    }

    [Fact]
    public async Task Pipe_that_is_not_named_any_more_while_the_server_is_away_is_sent_all_the_same()
    {
        await using var server = new AgentServer(program, _directory.Data);
        Write(server, $"{{fifo: {Pipe}, format: text}}");
        await using var agent = program.Start("agent", "--config", Configuration);
        await agent.WaitForErrorAsync(lines => lines.Any(line => line.Contains("cannot be reached", StringComparison.Ordinal)), "the server is missed");
        await WritePipeAsync("p1\np2\n");
        await SpooledAsync();
        File.WriteAllText(Log, "a1\n");
        Write(server, "{path: a.log, format: text}");
        agent.HangUp();
        await agent.WaitForErrorAsync(lines => lines.Any(line => line.Contains("waits until the server", StringComparison.Ordinal)), "that the change waits");
        await server.StartAsync();
        await program.WaitForCountAsync(_directory.Data, 3, agent);
        await agent.StopAsync();
        Assert.Equal(["a1", "p1", "p2"], await LinesAsync());
    }

    [Fact]
    public async Task What_is_wrong_or_none_of_an_agent_is_refused_with_its_place_and_the_old_configuration_goes_on()
    {
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        File.WriteAllText(Configuration, "retention: {age: 30d}\nsources: []\n");
        var refused = (await program.RunAsync("agent", "--config", Configuration, "--server", server.Url)).Expect(2);
        Assert.Contains("puppylog.yaml:1:1: retention is not for an agent", refused.Errors, StringComparison.Ordinal);
        Write(server, "{path: a.log, format: text}");
        File.WriteAllText(Log, "a1\n");
        await using var agent = program.Start("agent", "--config", Configuration);
        await program.WaitForCountAsync(_directory.Data, 1, agent);
        File.WriteAllText(Configuration, $"agent: {{server: '{server.Url}'}}\nstore: {{data: x}}\nsources: [{{path: a.log, formt: text}}]\n");
        agent.HangUp();
        await agent.WaitForErrorAsync(lines => lines.Any(line => line.Contains("the old configuration goes on", StringComparison.Ordinal)), "the refusal");
        Assert.Contains(agent.ErrorLines, line => line.Contains("puppylog.yaml:2:1: store is not for an agent", StringComparison.Ordinal));
        Assert.Contains(agent.ErrorLines, line => line.Contains("puppylog.yaml:3:25: unknown setting 'formt'; did you mean 'format'?", StringComparison.Ordinal));
        File.AppendAllText(Log, "a2\n");
        await program.WaitForCountAsync(_directory.Data, 2, agent);
        await agent.StopAsync();
    }

    void Write(AgentServer server, params string[] sources) => File.WriteAllText(
        Configuration,
        $"agent: {{server: '{server.Url}', data: agent, id: web-1}}\nsources:\n{string.Concat(sources.Select(source => $"  - {source}\n"))}");

    async Task ReloadAsync(RunningProgram agent, AgentServer server, params string[] sources)
    {
        var told = Told(agent.ErrorLines);
        Write(server, sources);
        agent.HangUp();
        await agent.WaitForErrorAsync(lines => Told(lines) > told, "the reload");
    }

    static int Told(string[] lines) => lines.Count(line => line.Contains("is reloaded", StringComparison.Ordinal));

    Task WritePipeAsync(string lines) => Task.Run(() => File.WriteAllText(Pipe, lines)).WaitAsync(Eventually.Patience);

    Task SpooledAsync() => Eventually.HoldsAsync(
        () => Directory.Exists(_directory["agent/spool"])
            && Directory.GetFiles(_directory["agent/spool"], "*.spool", SearchOption.AllDirectories).Any(path => File.ReadAllText(path).Contains("p2\n", StringComparison.Ordinal)),
        () => "the lines never came to be in the spool");

    async Task<IReadOnlyList<string>> LinesAsync() =>
        [.. System.Text.Encoding.UTF8.GetString(await program.RawAsync(_directory.Data)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
