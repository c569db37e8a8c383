using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Mistakes of users and environments: the exit code is 2, the message names what is wrong.</summary>
public sealed class MistakeTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_source_that_is_missing() => await ExpectAsync("absent.log", "collect", "-s", _directory["absent.log"], "--data", _directory.Data);

    [Fact]
    public async Task A_source_that_is_a_directory() => await ExpectAsync("directory", "collect", "-s", _directory.Root, "--data", _directory.Data);

    /// <summary>Permission bits do not hold for root; a link to itself can be opened by nobody.</summary>
    [Fact]
    public async Task A_source_that_cannot_be_read()
    {
        File.CreateSymbolicLink(_directory["loop.log"], _directory["loop.log"]);
        await ExpectAsync("loop.log", "collect", "-s", _directory["loop.log"], "--data", _directory.Data);
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file()
    {
        File.WriteAllText(_directory.Data, "");
        await ExpectAsync(_directory.Data, "collect", "-s", Source(), "--data", _directory.Data);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made() => await ExpectAsync("/proc/puppylog", "collect", "-s", Source(), "--data", "/proc/puppylog");

    [Fact]
    public async Task A_store_that_is_not_there() => await ExpectAsync(_directory.Data, "search", "*", "--data", _directory.Data);

    [Fact]
    public async Task A_writer_that_holds_the_store_and_does_not_answer()
    {
        await program.CollectAsync(_directory.Data, Source());
        File.WriteAllBytes(_directory["more.log"], AccessLines.Lines(10, 10));
        using (new FileStream(Path.Combine(_directory.Data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            await ExpectAsync(_directory.Data, "collect", "-s", _directory["more.log"], "--data", _directory.Data);
        }

        await program.CollectAsync(_directory.Data, _directory["more.log"]);
        Assert.Equal(20, await program.CountAsync(_directory.Data));
    }

    [Theory]
    [InlineData("status:>=", 9)]
    [InlineData("(GET", 4)]
    [InlineData("* | nosuchpipe", 4)]
    [InlineData("host:~\"(\"", 6)]
    public async Task A_query_that_is_wrong_shows_where(string query, int column)
    {
        await program.CollectAsync(_directory.Data, Source());
        var result = (await program.RunAsync("search", query, "--data", _directory.Data)).Expect(2);
        var lines = result.Errors.Split('\n');
        var shown = Array.FindIndex(lines, line => line.EndsWith(query, StringComparison.Ordinal));
        Assert.True(shown >= 0, result.Errors);
        Assert.Equal(lines[shown].Length - query.Length + column, lines[shown + 1].IndexOf('^', StringComparison.Ordinal));
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("collect", "--nosuchflag")]
    [InlineData("collect", "--source", "")]
    [InlineData("collect", "--data", "")]
    [InlineData("collect", "--max-line", "many")]
    [InlineData("collect", "--max-line", "0")]
    [InlineData("search", "*", "-o", "nosuchformat")]
    [InlineData("monitor", "--interval", "never")]
    [InlineData("monitor", "--interval", "0")]
    [InlineData("generate", "--rate", "fast")]
    [InlineData("generate", "--start", "2026-01-01")]
    [InlineData("search", "*", "--limit", "many")]
    [InlineData("search", "*", "--since", "yesterday")]
    [InlineData("search", "*", "--nosuchflag")]
    [InlineData("search", "*", "--max-query-memory", "much")]
    [InlineData("nosuchcommand")]
    public async Task A_flag_that_is_wrong(params string[] arguments)
    {
        var result = (await program.RunAsync(arguments)).Expect(2);
        Assert.Contains("--help", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Without_a_command_the_commands_are_shown()
    {
        var result = (await program.RunAsync()).Expect(0);
        Assert.Contains("puppylog [command]", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task The_version_is_one_line(string argument) =>
        Assert.Matches(@"\A[0-9]+\.[0-9]+\.[0-9]+\n\z", (await program.RunAsync(argument)).Expect(0).Text);

    [Theory]
    [InlineData("collect")]
    [InlineData("search")]
    [InlineData("tail")]
    [InlineData("monitor")]
    [InlineData("generate")]
    [InlineData("doctor")]
    public async Task Help_has_an_example(string command)
    {
        var result = (await program.RunAsync(command, "--help")).Expect(0);
        Assert.Contains("xample", result.Text, StringComparison.Ordinal);
        Assert.Contains($"  puppylog {command} ", result.Text, StringComparison.Ordinal);
    }

    string Source()
    {
        File.WriteAllBytes(_directory["source.log"], AccessLines.Lines(0, 10));
        return _directory["source.log"];
    }

    async Task ExpectAsync(string named, params string[] arguments)
    {
        var result = (await program.RunAsync(arguments)).Expect(2);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--help", result.Errors, StringComparison.Ordinal);
        Assert.StartsWith("puppylog: ", result.Errors, StringComparison.Ordinal);
    }
}
