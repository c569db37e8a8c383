using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Many processes read what one writes, and what nobody writes.</summary>
public sealed class SharedReadingTests(PublishedProgram program) : IDisposable
{
    const int Readers = 8;

    readonly TestDirectory _directory = new();

    public void Dispose()
    {
        if (Directory.Exists(_directory.Data) && !OperatingSystem.IsWindows())
        {
            Protect(_directory.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task Eight_searching_processes_beside_a_collector_see_whole_commits_and_never_less_than_before()
    {
        var log = _directory["access.log"];
        AccessLines.Append(log, AccessLines.Lines(0, 100));
        await using var collector = program.Start("collect", "-s", log, "--data", _directory.Data, "--watch");
        await program.WaitForCountAsync(_directory.Data, 100, collector);
        var written = 100;
        var done = false;
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
        {
            long seen = 0;
            while (!Volatile.Read(ref done))
            {
                var most = Volatile.Read(ref written);
                var count = await program.CountAsync(_directory.Data);
                Assert.InRange(count, seen, Volatile.Read(ref written));
                Assert.True(count >= 100 && most >= 100);
                seen = count;
            }
        }, TestContext.Current.CancellationToken)).ToList();
        for (var i = 0; i < 20; i++)
        {
            Volatile.Write(ref written, written + 50);
            AccessLines.Append(log, AccessLines.Lines(written - 50, 50));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await program.WaitForCountAsync(_directory.Data, written, collector);
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
        await collector.StopAsync();
        Assert.Equal(AccessLines.Lines(0, written), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task Any_number_of_processes_reads_a_directory_that_cannot_be_written()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root writes into every directory");
        var log = _directory["access.log"];
        AccessLines.Append(log, AccessLines.Lines(0, 300));
        await program.CollectAsync(_directory.Data, log);
        Protect(_directory.Data, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => program.CountAsync(_directory.Data)));

        Assert.All(counts, count => Assert.Equal(300, count));
        (await program.RunAsync("store", "status", "--data", _directory.Data)).Expect(0);
        (await program.RunAsync("store", "verify", "--data", _directory.Data)).Expect(0);
        (await program.RunAsync("store", "backup", _directory["backup"], "--data", _directory.Data)).Expect(0);
        Assert.Equal(300, await program.CountAsync(_directory["backup"]));
        var refused = (await program.RunAsync("store", "verify", "--repair", "--data", _directory.Data)).Expect(2);
        Assert.Contains("cannot write into the data directory", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_only_file_system_is_read_by_any_number_of_processes(bool killed)
    {
        var log = _directory["access.log"];
        AccessLines.Append(log, AccessLines.Lines(0, 300));
        await using (var collector = program.Start("collect", "-s", log, "--data", _directory.Data, "--watch"))
        {
            await program.WaitForCountAsync(_directory.Data, 300, collector);
            if (killed)
            {
                collector.Kill();
                await collector.WaitForExitAsync();
            }
            else
            {
                await collector.StopAsync();
            }
        }

        var mounted = await program.RunScriptAsync("mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"", _directory.Data);
        Assert.SkipUnless(mounted.ExitCode == 0, "needs the right to mount a file system");
        try
        {
            var counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => program.CountAsync(_directory.Data)));
            Assert.All(counts, count => Assert.Equal(300, count));
            (await program.RunAsync("store", "status", "--data", _directory.Data)).Expect(0);
            (await program.RunAsync("store", "verify", "--data", _directory.Data)).Expect(0);
            (await program.RunAsync("store", "backup", _directory["backup"], "--data", _directory.Data)).Expect(0);
            Assert.Equal(300, await program.CountAsync(_directory["backup"]));
            Assert.Contains(
                "cannot write into the data directory",
                (await program.RunAsync("store", "verify", "--repair", "--data", _directory.Data)).Expect(2).Errors, StringComparison.Ordinal);
        }
        finally
        {
            (await program.RunScriptAsync("umount -l \"$1\"", _directory.Data)).Expect(0);
        }
    }

    [Fact]
    public async Task What_a_killed_collector_left_is_read_also_where_it_cannot_be_written()
    {
        var log = _directory["access.log"];
        AccessLines.Append(log, AccessLines.Lines(0, 300));
        await using (var collector = program.Start("collect", "-s", log, "--data", _directory.Data, "--watch"))
        {
            await program.WaitForCountAsync(_directory.Data, 300, collector);
            collector.Kill();
            await collector.WaitForExitAsync();
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Protect(_directory.Data, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => program.CountAsync(_directory.Data)));
        Assert.All(counts, count => Assert.Equal(300, count));
        (await program.RunAsync("store", "verify", "--data", _directory.Data)).Expect(0);
    }

    [Fact]
    public async Task Directory_that_may_not_be_entered_is_said_to_be_so()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root enters every directory");
        var log = _directory["access.log"];
        AccessLines.Append(log, AccessLines.Lines(0, 3));
        await program.CollectAsync(_directory.Data, log);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory.Data, UnixFileMode.None);
        }

        foreach (var command in (string[][])[["search", "*"], ["store", "status"], ["store", "verify"], ["store", "export"]])
        {
            var result = (await program.RunAsync([.. command, "--data", _directory.Data])).Expect(2);
            Assert.Contains("permission", result.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        }
    }

    static void Protect(string directory, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var path in Directory.GetDirectories(directory, "*", SearchOption.AllDirectories))
            {
                File.SetUnixFileMode(path, mode);
            }

            File.SetUnixFileMode(directory, mode);
        }
    }
}
