using Puppylog.Diagnostics;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Backup;
using Puppylog.Storage.Embedded.Verification;
using Puppylog.Tests.Storage.Embedded.Verification;

namespace Puppylog.Tests.Storage.Embedded.Backup;

public sealed class StoreBackupTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_is_a_whole_store_that_shares_the_sealed_segments()
    {
        using var store = await SampleStore.CreateAsync();
        var target = Path.Combine(store.Root, "backup");
        var report = Run(store, target);

        Assert.Equal((14, store.Lines.Count), (report.LastCommit, report.Records));
        Assert.Equal(store.Segments.Count, report.Linked + report.Copied);
        Assert.InRange(report.Linked, 1, store.Segments.Count - 1);
        Assert.Equal(store.Sorted, await LinesAsync(store, target));
        Assert.True((await VerifyAsync(store, target)).IsClean);
        var linked = store.Segments.Count(path => Inode(path) == Inode(path.Replace(store.Data, target, StringComparison.Ordinal)));
        Assert.Equal(report.Linked, linked);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(target).UnixFileMode);
    }

    [Fact]
    public async Task Writing_into_a_backup_leaves_the_store_alone_and_the_other_way_round()
    {
        using var store = await SampleStore.CreateAsync();
        var target = Path.Combine(store.Root, "backup");
        Run(store, target);
        foreach (var data in (string[])[target, store.Data])
        {
            await using var writer = await EmbeddedStore.OpenWriterAsync(data, store.Options, Cancellation);
            await writer.CommitAsync(Samples.Commit(Samples.Batch($"only in {data}")), Cancellation);
        }

        foreach (var data in (string[])[target, store.Data])
        {
            Assert.Equal([.. store.Sorted.Append($"only in {data}").Order(StringComparer.Ordinal)], await LinesAsync(store, data));
            Assert.True((await VerifyAsync(store, data)).IsClean);
        }
    }

    [Fact]
    public async Task Backups_made_while_writing_goes_on_hold_whole_commits()
    {
        using var store = await SampleStore.CreateAsync();
        await using var writer = await EmbeddedStore.OpenWriterAsync(store.Data, store.Options, Cancellation);
        var writing = Task.Run(async () =>
        {
            for (var i = 14; i < 70; i++)
            {
                await store.CommitAsync(writer, i);
            }
        }, Cancellation);
        var number = 0;
        do
        {
            var target = Path.Combine(store.Root, $"backup{number++}");
            var report = Run(store, target);
            Assert.True((await VerifyAsync(store, target)).IsClean);
            await using var backup = await EmbeddedStore.OpenReaderAsync(target, store.Options, Cancellation);
            var position = Assert.Single(await backup.ReadPositionsAsync(Cancellation)).Offset;
            Assert.Equal(report.LastCommit, position);
            Assert.Equal(Enumerable.Range(0, (int)position).Sum(commit => commit % 3 == 2 ? 41 : 40), report.Records);
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    public async Task Segment_that_goes_while_the_backup_is_made_makes_it_begin_again()
    {
        using var store = await SampleStore.CreateAsync();
        var files = new VanishingFile(store.Segments[0]);
        var target = Path.Combine(store.Root, "backup");
        new StoreBackup(store.Data, target, store.Options with { Files = files }, new(false, null), new()).Run(Cancellation);
        Assert.Equal(2, files.Asked);
        Assert.Equal(store.Sorted, await LinesAsync(store, target));
        Assert.Empty(Directory.GetDirectories(store.Root, "*.partial-*"));
    }

    [Fact]
    public async Task Segments_of_an_earlier_backup_are_not_copied_again()
    {
        using var store = await SampleStore.CreateAsync();
        var (first, second) = (Path.Combine(store.Root, "first"), Path.Combine(store.Root, "second"));
        var all = new StoreBackup(store.Data, first, store.Options, new(CopyAll: true, null), new()).Run(Cancellation);
        Assert.Equal(0, all.Linked);
        var again = new StoreBackup(store.Data, second, store.Options, new(CopyAll: true, first), new()).Run(Cancellation);
        Assert.InRange(again.Linked, 1, store.Segments.Count - 1);
        Assert.Equal(store.Sorted, await LinesAsync(store, second));
        var sealedPath = store.Segments.First(path => Inode(path.Replace(store.Data, first, StringComparison.Ordinal)) == Inode(path.Replace(store.Data, second, StringComparison.Ordinal)));
        Assert.NotEqual(Inode(sealedPath), Inode(sealedPath.Replace(store.Data, second, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("file", "is a file")]
    [InlineData("full", "is not empty, and nothing is overwritten")]
    [InlineData("data/inside", "lies in the store itself")]
    public async Task Target_that_holds_something_is_refused(string name, string reason)
    {
        using var store = await SampleStore.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(store.Root, "file"), "x", Cancellation);
        Directory.CreateDirectory(Path.Combine(store.Root, "full", "of things"));
        var refusal = Assert.Throws<LogStoreException>(() => Run(store, Path.Combine(store.Root, name)));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_directory_is_a_target_and_a_failure_leaves_nothing()
    {
        using var store = await SampleStore.CreateAsync();
        var target = Path.Combine(store.Root, "empty");
        Directory.CreateDirectory(target);
        var failing = new VanishingFile(store.Segments[0], times: int.MaxValue);
        Assert.Throws<LogStoreException>(() =>
            new StoreBackup(store.Data, target, store.Options with { Files = failing }, new(false, null), new()).Run(Cancellation));
        Assert.Empty(Directory.GetFileSystemEntries(target));
        Assert.Empty(Directory.GetDirectories(store.Root, "*.partial-*"));
        Run(store, target);
        Assert.Equal(store.Sorted, await LinesAsync(store, target));
    }

    static BackupReport Run(SampleStore store, string target) =>
        new StoreBackup(store.Data, target, store.Options, new(false, null), new()).Run(Cancellation);

    static Task<VerificationReport> VerifyAsync(SampleStore store, string data) =>
        new StoreVerifier(data, store.Options, new VerifyProgress()).RunAsync(Cancellation);

    static async Task<List<string>> LinesAsync(SampleStore store, string data)
    {
        await using var reader = await EmbeddedStore.OpenReaderAsync(data, store.Options, Cancellation);
        return [.. (await LineSink.ReadAsync(reader)).Order(StringComparer.Ordinal)];
    }

    static FileIdentity Inode(string path) => FileStatus.TryRead(path, out var status) ? status.Identity : default;
}
