using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Sources that cannot be read: said once, shown by <c>store status</c> and <c>streams</c>, tried again; the others go on.</summary>
public sealed class TroubleTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task File_that_may_not_be_read_is_read_as_soon_as_it_may_be()
    {
        var secret = Write("secret.log", "secret");
        File.SetUnixFileMode(secret, UnixFileMode.None);
        Write("open.log", "open");
        await using var collector = program.StartUnprivileged("collect", "-s", _directory["*.log"], "--watch", "--data", _directory.Data);
        await collector.WaitForErrorAsync(lines => lines.Any(IsOf(secret)), "word of the file");
        await program.WaitForCountAsync(_directory.Data, 1, collector);
        await WaitForTroublesAsync(text => text.Contains($"cannot read {secret}: permission denied", StringComparison.Ordinal));
        var shown = await StatusAsync();
        var entry = Assert.Single(shown.GetProperty("list").EnumerateArray(), entry => entry.Field("source") == secret);
        Assert.Equal("hindered", entry.Field("state"));

        Write("open.log", "goes on");
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await program.WaitForCountAsync(_directory.Data, 3, collector);
        await WaitForTroublesAsync(text => text.Length == 0);
        await collector.StopAsync();
        Assert.Single(collector.ErrorLines, new Predicate<string>(IsOf(secret)));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_directory.Data, "collectors")));
    }

    [Fact]
    public async Task File_that_is_replaced_by_one_that_may_not_be_read_is_gone_on_with_when_it_may_be()
    {
        var log = Write("app.log", "one");
        var other = Write("other.log", "other");
        await using var collector = program.StartUnprivileged("collect", "-s", log, other, "--watch", "--data", _directory.Data);
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        var next = Write("next", "two");
        File.SetUnixFileMode(next, UnixFileMode.None);
        File.Move(log, _directory["app.log.1"]);
        File.Move(next, log);
        await WaitForTroublesAsync(text => text.Contains($"cannot read {log}: permission denied", StringComparison.Ordinal));
        Write("other.log", "goes on");
        await program.WaitForCountAsync(_directory.Data, 3, collector);
        File.SetUnixFileMode(log, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await program.WaitForCountAsync(_directory.Data, 4, collector);
        await WaitForTroublesAsync(text => text.Length == 0);
        await collector.StopAsync();
        Assert.Single(collector.ErrorLines, line => line.Contains("cannot read", StringComparison.Ordinal));
        Assert.Equal("one\nother\ngoes on\ntwo\n".Split('\n').Order(), System.Text.Encoding.UTF8.GetString(await program.RawAsync(_directory.Data)).Split('\n').Order());
    }

    [Fact]
    public async Task Files_that_vanish_and_directories_do_not_keep_others_from_being_read()
    {
        var log = Write("app.log", "one");
        var other = Write("other.log", "other");
        var folder = Directory.CreateDirectory(_directory["folder"]).FullName;
        await using var collector = program.Start("collect", "-s", log, other, folder, "--watch", "--data", _directory.Data);
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        await WaitForTroublesAsync(text => text.Contains($"{folder} is a directory", StringComparison.Ordinal));
        Directory.Move(log, _directory["elsewhere"]);
        File.Delete(_directory["elsewhere"]);
        Write("other.log", "goes on");
        await program.WaitForCountAsync(_directory.Data, 3, collector);
        Write("app.log", "again");
        await program.WaitForCountAsync(_directory.Data, 4, collector);
        collector.Terminate();
        (await collector.WaitForExitAsync()).Expect(2);
        Assert.Single(collector.ErrorLines, new Predicate<string>(IsOf(folder)));
    }

    [Fact]
    public async Task Error_of_reading_is_said_once_and_others_go_on()
    {
        // The loopback has no speed: a file of 4 KiB, as stat says, that cannot be read.
        const string Unreadable = "/sys/class/net/lo/speed";
        Assert.SkipUnless((await program.RunScriptAsync("test -s \"$1\" && ! cat \"$1\"", Unreadable)).ExitCode == 0, $"{Unreadable} is not as usual");
        var log = Write("app.log", "one");
        await using var collector = program.Start("collect", "-s", Unreadable, log, "--watch", "--data", _directory.Data);
        await WaitForTroublesAsync(text => text.Contains($"cannot read {Unreadable}: Invalid argument", StringComparison.Ordinal));
        // Longer than until it is tried again.
        await Task.Delay(6000, TestContext.Current.CancellationToken);
        Write("app.log", "goes on");
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        await collector.StopAsync();
        Assert.Single(collector.ErrorLines, line => line.Contains("cannot read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Port_that_is_taken_is_listened_on_when_it_is_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var name = string.Create(CultureInfo.InvariantCulture, $"syslog:tcp://{taken.LocalEndpoint}");
        var log = Write("app.log", "one");
        await using var collector = program.Start("collect", "-s", name, log, "--watch", "--data", _directory.Data);
        await program.WaitForCountAsync(_directory.Data, 1, collector);
        await WaitForTroublesAsync(text => text.Contains($"cannot listen on {name}: the port is taken", StringComparison.Ordinal));
        var (address, port) = ("127.0.0.1", ((IPEndPoint)taken.LocalEndpoint).Port);
        taken.Stop();
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.EndsWith("listens now", StringComparison.Ordinal)), "the port");
        await WaitForTroublesAsync(text => text.Length == 0);
        using var sender = new TcpClient(address, port);
        sender.GetStream().Write("<34>1 2026-11-22T10:00:00Z host app - - - hello\n"u8);
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        await collector.StopAsync();
        Assert.Single(collector.ErrorLines, line => line.Contains("cannot listen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_watches_files_are_polled()
    {
        const int Files = 100;
        const string Limited = "echo 20 > /proc/sys/user/max_inotify_watches";
        var can = await program.RunScriptAsync($"unshare -Ur sh -c '{Limited}'");
        Assert.SkipUnless(can.ExitCode == 0, "needs a user namespace of its own");
        for (var i = 0; i < Files; i++)
        {
            Write($"{i}.log", "first");
        }

        await using var collector = program.StartScript(
            $"exec unshare -Ur sh -c '{Limited}; exec \"$puppylog\" collect -s \"$1\" --watch --data \"$2\"' sh \"$@\"", _directory["*.log"], _directory.Data);
        await program.WaitForCountAsync(_directory.Data, Files, collector);
        for (var i = 0; i < Files; i++)
        {
            Write($"{i}.log", "second");
        }

        await program.WaitForCountAsync(_directory.Data, 2 * Files, collector);
        await collector.StopAsync();
        Assert.Contains("sysctl fs.inotify.max_user_watches=", Assert.Single(collector.ErrorLines, line => line.Contains("inotify", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    static Func<string, bool> IsOf(string path) => line => line.Contains("cannot", StringComparison.Ordinal) && line.Contains(path, StringComparison.Ordinal) || line.Contains($"{path} is", StringComparison.Ordinal);

    /// <summary>Appends a line.</summary>
    string Write(string name, string line)
    {
        File.AppendAllText(_directory[name], line + "\n");
        return _directory[name];
    }

    async Task<JsonElement> StatusAsync()
    {
        var status = (await program.RunAsync("store", "status", "--data", _directory.Data, "-o", "json")).Expect(0);
        return Assert.Single(StoreQueries.Json(status.Lines[0]).GetProperty("collectors").EnumerateArray());
    }

    /// <summary>Waits until <c>streams</c> and <c>store status</c> tell of such sources that cannot be read; of none: an empty text.</summary>
    async Task WaitForTroublesAsync(Func<string, bool> condition)
    {
        var (streams, status) = ("", "");
        await Eventually.HoldsAsync(
            async () =>
            {
                (streams, status) = ((await program.RunAsync("streams", "--data", _directory.Data)).Text, (await program.RunAsync("store", "status", "--data", _directory.Data)).Text);
                return condition(Troubles(streams)) && condition(Troubles(status));
            },
            () => $"last:\n{streams}\n{status}");
    }

    static string Troubles(string text) => string.Join('\n', text.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains("(since ", StringComparison.Ordinal)));
}
