using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// Bytes of segments flipped, cut off, zeroed and doubled at random: a search gives every record of the blocks whose bytes
/// are whole, none that was not stored, and names each block that it leaves records out of.
/// </summary>
public sealed class SegmentDamageTests : IDisposable
{
    static readonly string[] Formats = ["combined", "json", "text"];

    readonly TemporaryDirectory _directory = new();

    readonly EmbeddedStoreOptions _options = new(TimeProvider.System)
    {
        SealBlocks = 12,
        UpkeepInterval = Timeout.InfiniteTimeSpan,
        LeavingDelay = TimeSpan.Zero,
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Search_gives_what_whole_blocks_hold_and_names_the_others()
    {
        await FillAsync(new Random(1));
        var original = Path.Combine(_directory.Path, "original");
        Directory.Move(_directory.Data, original);
        void Play(int seed)
        {
            if (Directory.Exists(_directory.Data))
            {
                Directory.Delete(_directory.Data, recursive: true);
            }

            Copy(original, _directory.Data);
            PlayAsync(new Random(seed)).GetAwaiter().GetResult();
        }

        // A sound block on top of another one.
        Play(605900634);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Play).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    async Task PlayAsync(Random random)
    {
        var blocks = ReadBlocks();
        foreach (var path in Directory.GetFiles(Path.Combine(_directory.Data, "days"), "*.seg", SearchOption.AllDirectories))
        {
            if (random.Next(2) == 0)
            {
                var whole = await File.ReadAllBytesAsync(path, Cancellation);
                var damaged = Damaged(whole, random);
                await File.WriteAllBytesAsync(path, damaged, Cancellation);
                foreach (var block in blocks.Where(block => Path.Combine(_directory.Data, block.File) == path))
                {
                    block.IsWhole = damaged.Length >= block.End && whole.AsSpan(block.Start..block.End).SequenceEqual(damaged.AsSpan(block.Start..block.End));
                }
            }
        }

        await using (var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, _options, Cancellation))
        {
            await CheckAsync(reader, blocks, namesBlocks: true);
        }

        await using var writer = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);
        await CheckAsync(writer, blocks, namesBlocks: true);
        await writer.CompactAsync(null, Cancellation);

        // What was whole may be in other blocks by now.
        await CheckAsync(writer, blocks, namesBlocks: false);
    }

    static async Task CheckAsync(ILogStore store, List<Block> blocks, bool namesBlocks)
    {
        foreach (var (query, isMeant) in new (string, Func<string, bool>)[]
        {
            ("*", _ => true),
            ("rare", line => line.Contains("rare", StringComparison.Ordinal)),
            ("_msg:~\"often/[0-9]*3\"", line => System.Text.RegularExpressions.Regex.IsMatch(line, "often/[0-9]*3", System.Text.RegularExpressions.RegexOptions.NonBacktracking)),
            ("status:>=500", line => line.Contains("HTTP/1.1\" 503", StringComparison.Ordinal)),
            ("* | sort by (_time desc) limit 100000", _ => true),
        })
        {
            var named = new HashSet<string?>();
            var sink = new LineSink();
            var options = new QueryOptions { OnDamage = (block, _) => { lock (named) { named.Add(block.Place); } } };
            await store.QueryAsync(QueryParser.Parse(query, 0) with { Options = options }, sink, Cancellation);
            var found = sink.Lines.ToHashSet(StringComparer.Ordinal);
            Assert.Equal(found.Count, sink.Lines.Count);
            foreach (var block in blocks)
            {
                var meant = block.Lines.Where(isMeant).ToList();
                var isComplete = meant.TrueForAll(found.Contains);
                Assert.True(isComplete || !block.IsWhole, $"{query}: {block.Place} is whole, and records of it are missing");
                Assert.True(isComplete || !namesBlocks || named.Contains(block.Place), $"{query}: records of {block.Place} are missing, and nobody says so");
                found.ExceptWith(meant);
            }

            Assert.Empty(found);
        }
    }

    static byte[] Damaged(byte[] bytes, Random random)
    {
        var (at, length) = (random.Next(bytes.Length), random.Next(1, random.Next(2) == 0 ? 16 : bytes.Length / 4));
        length = Math.Min(length, bytes.Length - at);
        var copy = bytes.ToArray();
        switch (random.Next(6))
        {
            case 0:
                for (var flips = random.Next(1, 8); flips > 0; flips--)
                {
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                }

                return copy;
            case 1:
                copy.AsSpan(at, length).Clear();
                return copy;
            case 2:
                return copy[..at];
            case 3:
                random.NextBytes(copy.AsSpan(at, length));
                return copy;
            case 4:
                // A range twice: what is behind it is not where it was.
                return [.. copy[..(at + length)], .. copy[at..]];
            default:
                // One place's bytes at another one, with checksums that hold.
                copy.AsSpan(at, length).CopyTo(copy.AsSpan(random.Next(copy.Length - length + 1)));
                return copy;
        }
    }

    async Task FillAsync(Random random)
    {
        await using var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);
        var lines = 0;
        for (var commits = 0; commits < 50; commits++)
        {
            var parser = LineParsers.Create(Formats[random.Next(Formats.Length)], replaceTimes: false);
            var batch = new RecordBatch(parser.Shape);
            parser.Bind(batch);
            for (var count = random.Next(8) == 0 ? random.Next(300, 900) : random.Next(1, 30); count > 0; count--)
            {
                var time = Samples.Day0 + (random.Next(3) * Timestamps.Day) + (random.Next(1000) * Timestamps.Second);
                var line = Line(random, parser.Shape.Format, time, $"{(random.Next(8) == 0 ? "rare" : "often")}/{lines++}");
                Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), $"{reason}: {line}");
            }

            await store.CommitAsync(new CommitRequest([batch], [], []), Cancellation);
            if (commits == 30)
            {
                // The rest stays in blocks of commits, in sealed and in open segments.
                Assert.True((await store.CompactAsync(null, Cancellation)).BlocksAfter > 0);
            }
        }
    }

    static string Line(Random random, string? format, long time, string text) => format switch
    {
        "combined" => string.Create(
            CultureInfo.InvariantCulture,
            $"10.0.0.{random.Next(200)} - - [{DateTime.UnixEpoch.AddTicks(time / 100):dd/MMM/yyyy:HH:mm:ss} +0000] \"GET /{text} HTTP/1.1\" {(random.Next(9) == 0 ? 503 : 200)} {random.Next(9999)} \"-\" \"-\""),
        "json" => $"{{\"time\":\"{Timestamps.ToRfc3339(time)}\",\"msg\":\"user {random.Next(50)} saw {text}\",\"n\":{random.Next(100)},\"id\":\"{random.NextInt64():x16}\"}}",
        _ => $"{Timestamps.ToRfc3339(time)} worker {random.Next(9)} took {random.Next(500)} ms for {text}",
    };

    List<Block> ReadBlocks()
    {
        using var catalog = CatalogReader.Open(_directory.Data);
        using var store = new Puppylog.Storage.Embedded.Reading.StoreReader(_directory.Data, _options);
        return catalog.Blocks(long.MinValue, long.MaxValue).Blocks.ConvertAll(row =>
        {
            var block = store.Open(row);
            return new Block(
                DataLayout.SegmentFile(row.Segment, row.Day), block.Place!, (int)row.Frame.BodyOffset, (int)row.Frame.BodyOffset + row.Frame.BodyLength,
                Samples.Lines([block]));
        });
    }

    static void Copy(string from, string to)
    {
        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    /// <param name="File">Its segment, from the data directory.</param>
    /// <param name="Place">As messages name it.</param>
    /// <param name="Start">The first byte of its body in the segment.</param>
    /// <param name="End">The byte behind it.</param>
    /// <param name="Lines">What it holds.</param>
    sealed record Block(string File, string Place, int Start, int End, List<string> Lines)
    {
        public bool IsWhole { get; set; } = true;
    }
}
