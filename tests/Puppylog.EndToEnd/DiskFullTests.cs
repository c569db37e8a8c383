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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Alerts_that_fire_while_the_disk_is_full_are_told_once_when_there_is_room(bool killed)
    {
        Assert.SkipUnless(_mount.IsMounted, "needs the right to mount a file system");
        var (log, data, told, ballast) = (_directory["access.log"], Path.Combine(Disk, "data"), _directory["told.jsonl"], Path.Combine(Disk, "ballast"));
        var load = AlertLoad.Steep(1);
        var bytes = load.Bytes;
        var first = bytes.AsSpan(0, 2000).LastIndexOf((byte)'\n') + 1;
        (await program.RunAsync("metrics", "create", "--default", "--data", data)).Expect(0);
        (await program.RunAsync("alerts", "delete", "totaltraffic", "--data", data)).Expect(0);
        (await program.RunAsync("alerts", "create", "-id", "high", "--metric", "total_traffic", "--window", "20", "--above", "10", "--title", "High traffic", "--value-name", "hits", "--data", data)).Expect(0);
        (await program.RunAsync("alerts", "notifiers", "create", "log", "--type", "file", "--path", told, "--data", data)).Expect(0);
        File.WriteAllBytes(log, bytes[..first]);
        var collector = program.Start("collect", "-s", log, "--watch", "--data", data);
        try
        {
            await program.WaitForCountAsync(data, bytes.AsSpan(0, first).Count((byte)'\n'), collector);
            (await program.RunScriptAsync("cat /dev/zero > \"$1\"", ballast)).Expect(1);
            AccessLines.Append(log, bytes[first..]);
            await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("full", StringComparison.Ordinal)), "word of the full disk");
            await Task.Delay(3000, TestContext.Current.CancellationToken);
            if (killed)
            {
                collector.Kill();
                await collector.WaitForExitAsync();
                await collector.DisposeAsync();
                collector = program.Start("collect", "-s", log, "--watch", "--data", data);
            }

            File.Delete(ballast);
            var expected = load.Messages(20, 10, 10);
            await Eventually.HoldsAsync(() => Told(told).Count >= expected.Count, () => $"{Told(told).Count} of {expected.Count} are told: {string.Join('\n', collector.ErrorLines)}");
            await collector.StopAsync();
            // Time goes on after the log.
            Assert.Equal(expected, Told(told).Select(notice => notice.Message).Take(expected.Count));
            Assert.Equal(Told(told).Count, Told(told).DistinctBy(notice => notice.Key).Count());
            var history = (await program.RunAsync("alerts", "get", "high", "--data", data)).Expect(0).Text;
            Assert.All(expected, message => Assert.Contains(message, history, StringComparison.Ordinal));
        }
        finally
        {
            await collector.DisposeAsync();
        }
    }

    static List<(string Key, string Message)> Told(string path) => File.Exists(path)
        ? [.. File.ReadAllLines(path).Select(StoreQueries.Json).Select(notice => (notice.Field("key"), notice.Field("message")))]
        : [];
}
