using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>A real file system without room: a small tmpfs.</summary>
public sealed class DiskFullTests(PublishedProgram program) : IAsyncLifetime
{
    readonly TestDirectory _directory = new();
    SmallDisk _mount = null!;

    string Disk => _directory["disk"];

    public async ValueTask InitializeAsync()
    {
        _mount = await SmallDisk.MountAsync(Disk, megabytes: 8);
    }

    public async ValueTask DisposeAsync()
    {
        await _mount.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_waited_out_and_nothing_is_lost()
    {
        Assert.SkipUnless(_mount.IsMounted, "needs the right to mount a file system");
        var (log, data, ballast) = (_directory["access.log"], Path.Combine(Disk, "data"), Path.Combine(Disk, "ballast"));
        File.WriteAllBytes(log, AccessLines.Lines(0, 1000));
        await using var collector = program.Start("collect", "-s", log, "--watch", "--data", data, "-o", "json");
        await program.WaitForCountAsync(data, 1000, collector);

        (await program.RunScriptAsync("cat /dev/zero > \"$1\"", ballast)).Expect(1);
        AccessLines.Append(log, AccessLines.Lines(1000, 50_000));
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("full", StringComparison.OrdinalIgnoreCase) || line.Contains("space", StringComparison.OrdinalIgnoreCase)), "word of the full disk");
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.False(collector.HasExited);
        Assert.True(collector.ErrorLines.Length < 10, "the trouble is told once, not per attempt");

        File.Delete(ballast);
        await program.WaitForCountAsync(data, 51_000, collector);
        await collector.StopAsync();
        AccessLines.AssertEqual(AccessLines.Lines(0, 51_000), await program.RawAsync(data));
    }
}
