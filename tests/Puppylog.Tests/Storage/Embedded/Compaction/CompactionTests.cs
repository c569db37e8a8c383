using System.Globalization;
using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Reading;
using Puppylog.Storage.Embedded.Retention;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Tests.Storage.Embedded.Compaction;

public sealed class CompactionTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    readonly EmbeddedStoreOptions _options = new(TimeProvider.System)
    {
        SealBlocks = 16,
        UpkeepInterval = Timeout.InfiniteTimeSpan,
        LeavingDelay = TimeSpan.Zero,
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Many_small_blocks_become_one_and_every_line_comes_back_in_its_order()
    {
        await using var store = await OpenAsync();
        var lines = await CommitAsync(store, 0, 50);
        var before = await LineSink.ReadAsync(store);

        var report = await store.CompactAsync(null, Cancellation);

        Assert.Equal((50, 1), (report.BlocksBefore, report.BlocksAfter));
        Assert.True(report.BytesAfter < report.BytesBefore / 4, $"{report}");
        Assert.Equal(lines, before);
        Assert.Equal(lines, await LineSink.ReadAsync(store));
        var status = store.ReadStatus();
        Assert.Equal((1, 1, 150), (status.Segments, status.Blocks, status.Records));
        Assert.Equal(report.BlocksBefore, status.Compaction.BlocksBefore);
        Assert.Single(SegmentFiles());
    }

    [Fact]
    public async Task Compacting_again_joins_what_was_joined_and_what_came_since()
    {
        await using var store = await OpenAsync();
        var lines = await CommitAsync(store, 0, 20);
        await store.CompactAsync(null, Cancellation);
        lines.AddRange(await CommitAsync(store, 20, 20));

        var report = await store.CompactAsync(null, Cancellation);

        Assert.Equal((21, 1), (report.BlocksBefore, report.BlocksAfter));
        Assert.Equal(lines, await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Fields_kinds_and_derived_lines_are_those_of_the_small_blocks()
    {
        await using var store = await OpenAsync();
        var formats = new[] { "combined", "json", "text" };
        for (var i = 0; i < 60; i++)
        {
            await store.CommitAsync(Samples.Commit(Parsed(formats[i % 3], i)), Cancellation);
        }

        var before = Fields(store);
        var report = await store.CompactAsync(null, Cancellation);

        // Access logs have records of two days, because of their zones.
        Assert.Equal((80, 4), (report.BlocksBefore, report.BlocksAfter));
        Assert.Equal(before.Order(StringComparer.Ordinal), Fields(store).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Queries_that_run_while_segments_are_replaced_see_each_record_once_and_in_order()
    {
        await using var store = await OpenAsync();
        using var ended = new CancellationTokenSource();
        var compacting = Task.Run(
            async () =>
            {
                while (!ended.IsCancellationRequested)
                {
                    await store.CompactAsync(null, Cancellation);
                    await store.TendAsync(Cancellation);
                }
            },
            Cancellation);
        var lines = new List<string>();
        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, _options, Cancellation);
        for (var i = 0; i < 60; i++)
        {
            lines.AddRange(await CommitAsync(store, i * 5, 5));
            Assert.Equal(lines, await LineSink.ReadAsync(store, damage => Assert.Fail(damage.Message)));
            Assert.Equal(lines, await LineSink.ReadAsync(reader, damage => Assert.Fail(damage.Message)));
        }

        await ended.CancelAsync();
        await compacting;
        Assert.True(store.ReadStatus().Compaction.BlocksAfter > 0);
    }

    [Fact]
    public async Task Blocks_that_were_planned_before_are_read_out_of_those_that_took_their_place()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 0, 40);
        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, _options, Cancellation);
        var planned = ((IEmbeddedStore)reader).Snapshot();
        await store.CompactAsync(null, Cancellation);
        var joined = Assert.Single(((IEmbeddedStore)reader).Snapshot());
        await CommitAsync(store, 40, 40);
        await store.CompactAsync(null, Cancellation);

        Assert.Equal(Lines(0, 40), Samples.Lines([joined]));
        Assert.Equal(Enumerable.Range(1, 40).Select(commit => new FramePart(commit, 0, 3).Arrival), joined.ReadArrivals().Select(rows => rows.Arrival));
        Assert.Equal(40, planned.Count);
        Assert.Single(SegmentFiles());
        for (var i = 0; i < planned.Count; i++)
        {
            Assert.Equal(Lines(i, 1), Samples.Lines([planned[i]]));
        }
    }

    [Fact]
    public async Task Blocks_that_retention_has_dropped_meanwhile_are_empty()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 0, 16);
        await using var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, _options, Cancellation);
        var planned = ((IEmbeddedStore)reader).Snapshot();
        await store.SetRetentionAsync(new RetentionChange(null, 1), Cancellation);
        await store.TendAsync(Cancellation);
        await store.TendAsync(Cancellation);

        Assert.Empty(SegmentFiles());
        Assert.All(planned, block => Assert.Equal(0, block.Open().Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(45)]
    public async Task Commits_after_a_number_come_once_each_wherever_they_lie(int after)
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 0, 40);
        await store.CompactAsync(null, Cancellation);
        await CommitAsync(store, 40, 10);
        using var reader = new StoreReader(_directory.Data, _options);

        var (last, commits) = reader.CommitsAfter(after);

        Assert.Equal(50, last);
        Assert.Equal(Enumerable.Range(after + 1, 50 - after), commits.Select(commit => (int)commit.Commit));
        Assert.Equal(Lines(after, 50 - after), commits.SelectMany(commit => Samples.Lines(commit.Blocks)));
    }

    /// <param name="before">Commits before it watches, which lie in the block as well.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task Watcher_that_was_slow_gets_each_commit_once_though_they_lie_in_one_block(int before)
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 0, before);
        await using var watching = store.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var next = watching.MoveNextAsync();
        var lines = await CommitAsync(store, before, 100);
        var report = await store.CompactAsync(null, Cancellation);
        Assert.True(report.BlocksAfter < 3, $"{report}");

        var seen = new List<string>();
        while (await next)
        {
            seen.AddRange(Samples.Lines(watching.Current.Blocks));
            if (watching.Current.Commit == before + 100)
            {
                break;
            }

            next = watching.MoveNextAsync();
        }

        Assert.Equal(lines, seen);
    }

    [Fact]
    public async Task Another_process_asks_the_writer_to_compact_and_to_retain()
    {
        await using var writer = await OpenAsync();
        await CommitAsync(writer, 0, 40);
        await using var other = await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);
        var news = new List<CompactionProgress>();

        var report = await ((IStoreUpkeep)other).CompactAsync(new Puppylog.Storage.Embedded.Remote.CompactionNews(news.Add), Cancellation);
        var policy = await ((IStoreUpkeep)other).SetRetentionAsync(new(TimeSpan.FromDays(30), null), Cancellation);

        Assert.IsNotType<LocalStore>(other);
        Assert.Equal((40, 1), (report.BlocksBefore, report.BlocksAfter));
        Assert.Equal(news[^1].Segments, news[^1].SegmentsDone);
        Assert.Equal(new RetentionPolicy(TimeSpan.FromDays(30), null), policy);
        Assert.Equal(policy, writer.ReadStatus().Retention);
    }

    [Fact]
    public async Task Damaged_block_keeps_its_segment_as_it_is()
    {
        await using (var store = await OpenAsync())
        {
            await CommitAsync(store, 0, 16);
        }

        var path = SegmentFiles().Single();
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        await using var again = await OpenAsync();

        var report = await again.CompactAsync(null, Cancellation);

        Assert.Equal(default, report);
        Assert.Equal(path, SegmentFiles().Single());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path, Cancellation));
    }

    [Fact]
    public async Task Folders_of_days_go_with_their_last_segment_and_come_back()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 0, 16);
        await store.SetRetentionAsync(new RetentionChange(null, 1), Cancellation);
        await store.TendAsync(Cancellation);
        await store.TendAsync(Cancellation);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_directory.Data, "days")));

        await store.SetRetentionAsync(new RetentionChange(null, 0), Cancellation);
        var lines = await CommitAsync(store, 16, 2);

        Assert.Equal(lines, await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Names_of_files_last_before_the_catalogue_counts_on_them()
    {
        var files = new ModelFileSystem(new Random(1));
        var options = _options with { Files = files, CatalogHook = step => files.Count($"catalog {step}") };
        await using var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, options, Cancellation);
        await CommitAsync(store, 0, 20);
        await store.CompactAsync(null, Cancellation);
        foreach (var change in (string[])["create", "move", "delete"])
        {
            Assert.Contains(files.Operations, operation => operation.StartsWith($"{change} ", StringComparison.Ordinal));
            AssertLasts(files.Operations, change);
        }

        // A folder that went with its last segment and is made again.
        await store.SetRetentionAsync(new RetentionChange(null, 1), Cancellation);
        await store.TendAsync(Cancellation);
        await store.TendAsync(Cancellation);
        files.Operations.Clear();
        await CommitAsync(store, 20, 1);
        AssertLasts(files.Operations, "mkdir");
    }

    /// <summary>What was done in a folder is followed by its fsync before the next transaction ends.</summary>
    static void AssertLasts(List<string> operations, string change)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i].StartsWith($"{change} ", StringComparison.Ordinal) && !operations[i].EndsWith(".tmp", StringComparison.Ordinal) | change == "move")
            {
                var end = operations.FindIndex(i, operation => operation.StartsWith("catalog Committing", StringComparison.Ordinal));
                Assert.Contains($"syncdir {Path.GetDirectoryName(operations[i][(change.Length + 1)..])}", operations[i..end]);
            }
        }
    }

    [Fact]
    public async Task What_hinders_the_background_is_the_trouble_of_the_store_until_it_is_over()
    {
        var files = new ModelFileSystem(new Random(1))
        {
            Fault = (operation, path) => operation == "create" && path.EndsWith(".tmp", StringComparison.Ordinal) ? new IOException("broken", 5) : null,
        };
        var options = _options with { Files = files, Clock = new ImpatientClock(), UpkeepInterval = TimeSpan.FromMilliseconds(1) };
        await using var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, options, Cancellation);
        await CommitAsync(store, 0, 20);
        while (store.Trouble is null)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.Equal(
            $"cannot tidy up {_directory.Data}: broken; records are stored all the same, and it is tried again in 5 minutes", store.Trouble);
        files.Fault = null;
        while (store.Trouble is not null || store.ReadStatus().Compaction.BlocksAfter == 0)
        {
            await Task.Delay(5, Cancellation);
        }
    }

    [Fact]
    public async Task Unfinished_segments_that_nobody_knows_are_removed_at_the_start()
    {
        await using (var store = await OpenAsync())
        {
            await CommitAsync(store, 0, 1);
        }

        var stray = Path.Combine(Path.GetDirectoryName(SegmentFiles().Single())!, "00000099.tmp");
        var other = Path.Combine(Path.GetDirectoryName(stray)!, "notes.tmp");
        await File.WriteAllTextAsync(stray, "half", Cancellation);
        await File.WriteAllTextAsync(other, "mine", Cancellation);
        await using var again = await OpenAsync();

        Assert.Equal((false, true), (File.Exists(stray), File.Exists(other)));
        Assert.Equal(Lines(0, 1), await LineSink.ReadAsync(again));
    }

    [Fact]
    public async Task Compacted_segment_says_what_it_consists_of()
    {
        await using (var store = await OpenAsync())
        {
            for (var i = 0; i < 16; i++)
            {
                await store.CommitAsync(Samples.Commit(Samples.Batch($"line {i}"), Samples.Move(i == 0 ? null : i * 10, (i + 1) * 10), $"key {i}"), Cancellation);
            }

            await store.CompactAsync(null, Cancellation);
        }

        var bytes = await File.ReadAllBytesAsync(SegmentFiles().Single(), Cancellation);
        Assert.True(SegmentHeader.TryRead(bytes, out var header) && header.IsCompacted);
        Assert.True(SegmentFooter.TryRead(bytes, out var frames));
        Assert.True(FrameHeader.TryRead(bytes.AsSpan((int)frames.Single().Offset), out var frame) && frame.IsCompacted);
        var metadata = CompactedMetadata.Read(bytes.AsSpan((int)frames[0].Offset + FrameHeader.Size, frame.MetadataLength));
        Assert.Equal(Enumerable.Range(1, 16).Select(commit => new FramePart(commit, 0, 1)), metadata.Parts);
        Assert.Equal((16, 160), (metadata.Positions.Single().Commit, metadata.Positions.Single().Position.Offset));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"key {i}"), metadata.Keys.Select(key => key.Key));
    }

    async Task<LocalStore> OpenAsync() => (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);

    List<string> SegmentFiles() => [.. Directory.GetFiles(Path.Combine(_directory.Data, "days"), "*", SearchOption.AllDirectories)];

    static List<string> Lines(int first, int commits) =>
        [.. Enumerable.Range(first, commits).SelectMany(commit => Enumerable.Range(0, 3).Select(line => string.Create(CultureInfo.InvariantCulture, $"commit {commit:D4} line {line}")))];

    /// <summary>Commits of three lines each, all of one time.</summary>
    static async Task<List<string>> CommitAsync(LocalStore store, int first, int commits)
    {
        for (var commit = first; commit < first + commits; commit++)
        {
            await store.CommitAsync(Samples.Commit(Samples.Batch([.. Lines(commit, 1)])), Cancellation);
        }

        return Lines(first, commits);
    }

    static RecordBatch Parsed(string format, int i)
    {
        var parser = LineParsers.Create(format, replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        for (var line = 0; line < 4; line++)
        {
            var text = format switch
            {
                "combined" => $"10.0.0.{i} - {(line == 0 ? "-" : "ann")} [21/Nov/2026:00:00:{i:D2} {(line == 3 ? "-0000" : "+0100")}] \"GET /a/{line}?x={i} HTTP/1.1\" 200 {i * line} \"-\" \"Mozilla/5.0 ({i})\"",
                "json" => $"{{\"time\":\"2026-11-21T00:00:{i:D2}Z\",\"msg\":\"hello {i}\",\"n\":{i * line},\"ok\":{(line % 2 == 0 ? "true" : "false")},\"none\":null,\"field{i % 7}\":\"{line}\",\"list\":[1,{line}],\"empty\":\"\"}}",
                _ => $"plain {i} {line}\r",
            };
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(text)), out _), text);
        }

        return batch;
    }

    /// <summary>Each record as all that is known of it.</summary>
    static List<string> Fields(LocalStore store)
    {
        var records = new List<string>();
        foreach (var block in store.Snapshot())
        {
            var view = block.Open();
            for (var row = 0; row < view.Count; row++)
            {
                var text = new StringBuilder();
                foreach (var name in view.FieldNames.Append(FieldNames.Raw).Append(FieldNames.Time).Order(StringComparer.Ordinal))
                {
                    if (view.Column(name) is { } column && column.IsPresent(row))
                    {
                        text.Append(CultureInfo.InvariantCulture, $"{name}={Encoding.UTF8.GetString(column.Value(row))}:{column.Kind(row)}|");
                    }
                }

                records.Add(text.ToString());
            }
        }

        return records;
    }
}
