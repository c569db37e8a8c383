using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>A store on a medium that nobody can write to.</summary>
public sealed class ReadOnlyMediumTests(PublishedProgram program) : IAsyncLifetime
{
    readonly TestDirectory _directory = new();
    SmallDisk _mount = null!;

    string Disk => _directory["disk"];

    string Data => Path.Combine(Disk, "data");

    public async ValueTask InitializeAsync() => _mount = await SmallDisk.MountAsync(Disk, megabytes: 16);

    public async ValueTask DisposeAsync()
    {
        await _mount.DisposeAsync();
        _directory.Dispose();
    }

    /// <param name="killed">The catalogue's log is left beside it, and the shared memory of its readers.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_is_read_as_it_is_and_what_would_write_says_so(bool killed)
    {
        Assert.SkipUnless(_mount.IsMounted, "needs the right to mount a file system");
        var (log, lines) = (_directory["access.log"], AccessLines.Lines(0, 2000));
        File.WriteAllBytes(log, lines);
        await using (var collector = program.Start("collect", "-s", log, "--watch", "--data", Data))
        {
            await program.WaitForCountAsync(Data, 2000, collector);
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

        Assert.Equal(killed, File.Exists(Path.Combine(Data, "catalog.db-wal")));
        await _mount.MakeReadOnlyAsync();

        AccessLines.AssertEqual(lines, await program.RawAsync(Data));
        Assert.Equal(2000, await program.CountAsync(Data));
        var status = StoreQueries.Json(Assert.Single((await program.RunAsync("store", "status", "--columns", "--data", Data, "-o", "json")).Expect(0).Lines));
        Assert.Equal((2000, false), (status.Number("records"), status.GetProperty("has_writer").GetBoolean()));
        (await program.RunAsync("store", "verify", "--data", Data)).Expect(0);
        (await program.RunAsync("store", "backup", _directory["backup"], "--data", Data)).Expect(0);
        AccessLines.AssertEqual(lines, await program.RawAsync(_directory["backup"]));
        foreach (var writing in (string[][])[["collect", "-s", log], ["store", "compact"], ["store", "verify", "--repair"]])
        {
            var refusal = (await program.RunAsync([.. writing, "--data", Data])).Expect(2).Errors;
            Assert.Contains("Read-only file system", refusal, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refusal, StringComparison.Ordinal);
        }
    }
}
