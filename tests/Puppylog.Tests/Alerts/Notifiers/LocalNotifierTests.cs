using System.Text.Json;
using Puppylog.Alerts.Notifiers;
using Puppylog.Tests.Alerts.Notices;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Notifiers;

public sealed class LocalNotifierTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Console_gets_a_line_and_the_lines_of_the_cause()
    {
        using var output = new StringWriter();
        await new LineNotifier(output).SendAsync([SampleNotices.Firing(1), SampleNotices.Recovered(1)], TestContext.Current.CancellationToken);
        Assert.Equal(
            "High traffic generated an alert - hits = 1, triggered at 2026-11-21T14:00:00Z\n  GET /a <b> & \"c\"\n  .\n  ü\nHigh traffic alert recovered - hits = 1, recovered at 2026-11-21T14:01:00Z\n",
            output.ToString());
    }

    [Fact]
    public async Task File_gets_a_line_of_json_each()
    {
        var path = Path.Combine(_directory.Path, "alerts.jsonl");
        var notifier = new FileNotifier(path);
        await notifier.SendAsync([SampleNotices.Firing(1)], TestContext.Current.CancellationToken);
        await notifier.SendAsync([SampleNotices.Recovered(1)], TestContext.Current.CancellationToken);
        Assert.Equal(["high//1/firing", "high//1/recovered"], File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task File_that_cannot_be_written_is_a_failure() =>
        await Assert.ThrowsAsync<NotifierException>(() => new FileNotifier(_directory.Path).SendAsync([SampleNotices.Firing(1)], TestContext.Current.CancellationToken));

    [Fact]
    public async Task Command_gets_the_notices_on_its_standard_input()
    {
        var path = Path.Combine(_directory.Path, "seen");
        await new CommandNotifier("/bin/sh", ["-c", "cat > \"$0\"", path]).SendAsync([SampleNotices.Firing(1), SampleNotices.Firing(2)], TestContext.Current.CancellationToken);
        Assert.Equal([NoticeJson.Write(SampleNotices.Firing(1)), NoticeJson.Write(SampleNotices.Firing(2))], await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("exit 3", "/bin/sh ended with 3")]
    [InlineData("cat >/dev/null; exit 1", "/bin/sh ended with 1")]
    public async Task Command_that_ends_badly_is_a_failure(string script, string expected)
    {
        var error = await Assert.ThrowsAsync<NotifierException>(() => new CommandNotifier("/bin/sh", ["-c", script]).SendAsync([SampleNotices.Firing(1)], TestContext.Current.CancellationToken));
        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public async Task Command_that_is_not_there_is_a_failure()
    {
        var error = await Assert.ThrowsAsync<NotifierException>(() => new CommandNotifier("/no/such/program", []).SendAsync([SampleNotices.Firing(1)], TestContext.Current.CancellationToken));
        Assert.StartsWith("/no/such/program cannot be run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_hangs_is_killed_with_its_children()
    {
        var path = Path.Combine(_directory.Path, "pid");
        using var patience = new CancellationTokenSource();
        var sending = new CommandNotifier("/bin/sh", ["-c", "sleep 600 & echo $! > \"$0.tmp\"; mv \"$0.tmp\" \"$0\"; wait", path]).SendAsync([SampleNotices.Firing(1)], patience.Token);
        while (!File.Exists(path))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        var child = $"/proc/{(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Trim()}/cmdline";
        while (File.Exists(child) && (await File.ReadAllTextAsync(child, TestContext.Current.CancellationToken)).Length > 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Secret_comes_from_the_environment_or_a_file_and_is_in_no_error()
    {
        var path = Path.Combine(_directory.Path, "secret");
        File.WriteAllText(path, "s3cret\n");
        Assert.Equal("s3cret", Secret.Read($"file:{path}", out var problem));
        Assert.Null(problem);
        Assert.NotNull(Secret.Read("env:PATH", out _));
        Assert.Null(Secret.Read("s3cret", out problem));
        Assert.Equal("a secret is env:NAME or file:PATH, never the secret itself", problem);
        Assert.Null(Secret.Read("env:PUPPYLOG_NO_SUCH", out problem));
        Assert.Equal("the environment has no PUPPYLOG_NO_SUCH", problem);
        File.WriteAllText(path, "\n");
        Assert.Null(Secret.Read($"file:{path}", out problem));
        Assert.Equal($"{path} is empty", problem);
    }
}
