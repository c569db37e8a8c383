using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class ReaderTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    EmbeddedStoreOptions Options { get; } =
        new(TimeProvider.System) { Codec = new LineCodec(), PollInterval = TimeSpan.FromMilliseconds(20) };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Reader_of_nothing_says_how_to_begin()
    {
        var refusal = await Assert.ThrowsAsync<LogStoreException>(() => EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation));
        Assert.Equal($"there is no store in {_directory.Data}; collect something first: puppylog collect -s FILE", refusal.Message);
        Assert.False(Directory.Exists(_directory.Data));
    }

    [Fact]
    public async Task Reader_beside_a_writer_sees_what_is_committed_and_writes_nothing()
    {
        await using var writer = await OpenWriterAsync();
        await writer.CommitAsync(Commit(Batch("a"), Move(null, 1)), Cancellation);
        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);
        await writer.CommitAsync(Commit(Batch("b", "c"), Move(1, 2)), Cancellation);

        Assert.Equal(["a", "b", "c"], Lines(((IEmbeddedStore)reader).Snapshot()));
        Assert.Equal([Position(2)], await reader.ReadPositionsAsync(Cancellation));
        await Assert.ThrowsAsync<LogStoreException>(() => reader.CommitAsync(Commit(Batch("x")), Cancellation));
        var status = ((IEmbeddedStore)reader).ReadStatus();
        Assert.Equal((1, 2, 3, 2), (status.Segments, status.Blocks, status.Records, status.LastCommit));
        Assert.Equal((Day0, Day0), (status.OldestTime, status.NewestTime));
    }

    [Fact]
    public async Task Watcher_follows_writers_that_come_and_go()
    {
        await using (var first = await OpenWriterAsync())
        {
            await first.CommitAsync(Commit(Batch("before")), Cancellation);
        }

        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        var watch = reader.WatchAsync(timeout.Token).GetAsyncEnumerator(timeout.Token);
        for (var writer = 0; writer < 3; writer++)
        {
            await using var store = await OpenWriterAsync();
            for (var i = 0; i < 3; i++)
            {
                await store.CommitAsync(Commit(Batch($"{writer}.{i}")), Cancellation);
                Assert.True(await watch.MoveNextAsync());
                Assert.Equal([$"{writer}.{i}"], Lines(watch.Current.Blocks));
                Assert.Equal(2 + (writer * 3) + i, watch.Current.Commit);
            }
        }
    }

    [Fact]
    public async Task Watch_ends_with_its_token()
    {
        await using var writer = await OpenWriterAsync();
        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var watch = reader.WatchAsync(cancellation.Token).GetAsyncEnumerator(cancellation.Token);
        var next = watch.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Full_segments_are_sealed_and_stay_readable()
    {
        await using (var writer = await EmbeddedStore.OpenWriterAsync(_directory.Data, Options with { SealLength = 1000 }, Cancellation))
        {
            for (var i = 0; i < 20; i++)
            {
                await writer.CommitAsync(Commit(Batch($"line {i} {new string('x', 100)}")), Cancellation);
            }

            Assert.InRange(((IEmbeddedStore)writer).ReadStatus().Segments, 4, 10);
        }

        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);
        Assert.Equal(20, ((IEmbeddedStore)reader).Snapshot().Count);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_directory.Data, "days/2026-11-21/00000001.seg"), Cancellation);
        Assert.True(Puppylog.Storage.Embedded.Segments.SegmentFooter.TryRead(bytes, out var frames));
        Assert.Equal(Enumerable.Range(1, frames.Length), frames.Select(frame => (int)frame.Commit));
        foreach (var frame in frames)
        {
            Assert.True(Puppylog.Storage.Embedded.Segments.FrameHeader.TryRead(bytes.AsSpan((int)frame.Offset), out var header));
            Assert.Equal((frame.Commit, frame.Records, 1L), (header.Commit, header.Records, header.Segment));
        }
    }

    [Fact]
    public async Task Block_whose_bytes_have_changed_is_corrupt_and_the_rest_is_readable()
    {
        await using var writer = await OpenWriterAsync();
        await writer.CommitAsync(Commit(Batch("aaaa")), Cancellation);
        await writer.CommitAsync(Commit(Batch("bbbb")), Cancellation);
        var path = Path.Combine(_directory.Data, "days/2026-11-21/00000001.seg");
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.AsSpan().IndexOf("aaaa"u8)]++;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);

        var blocks = ((IEmbeddedStore)writer).Snapshot();
        Assert.Throws<CorruptDataException>(() => blocks[0].Open());
        Assert.Equal(["bbbb"], Lines(blocks.Skip(1)));
    }

    [Fact]
    public async Task Directory_that_cannot_be_written_can_be_read()
    {
        await using (var writer = await OpenWriterAsync())
        {
            await writer.CommitAsync(Commit(Batch("a")), Cancellation);
        }

        using var unwritable = new Unwritable(_directory.Data);
        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);
        Assert.Equal(["a"], Lines(((IEmbeddedStore)reader).Snapshot()));
        var refusal = await Assert.ThrowsAsync<LogStoreException>(OpenWriterAsync);
        Assert.StartsWith($"cannot write into the data directory {_directory.Data}: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task What_a_killed_writer_left_can_be_read(bool withSharedMemory, bool writable)
    {
        var copy = Path.Combine(_directory.Path, "copy");
        await using (var writer = await OpenWriterAsync())
        {
            await writer.CommitAsync(Commit(Batch("a")), Cancellation);
            Directory.CreateDirectory(Path.Combine(copy, "days/2026-11-21"));
            foreach (var name in (string[])["catalog.db", "catalog.db-wal", "catalog.db-shm", "days/2026-11-21/00000001.seg"])
            {
                if (withSharedMemory || name != "catalog.db-shm")
                {
                    File.Copy(Path.Combine(_directory.Data, name), Path.Combine(copy, name));
                }
            }
        }

        using var unwritable = writable ? null : new Unwritable(copy);
        await using var reader = await EmbeddedStore.OpenReaderAsync(copy, Options, Cancellation);
        Assert.Equal(["a"], Lines(((IEmbeddedStore)reader).Snapshot()));
    }

    Task<ILogStore> OpenWriterAsync() => EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation);
}
