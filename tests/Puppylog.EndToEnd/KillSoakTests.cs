using System.Buffers;
using System.Globalization;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>
/// The promise "nothing lost, nothing twice": a growing, rotating file, and a collector that is killed at random moments.
/// <c>$PUPPYLOG_KILLS</c> sets how often (20), <c>$PUPPYLOG_SEED</c> repeats a run.
/// </summary>
public sealed class KillSoakTests(PublishedProgram program) : IDisposable
{
    /// <summary>Milliseconds that a collector lives at most; its start takes some 100 of them.</summary>
    const int LongestLife = 900;

    readonly TestDirectory _directory = new();
    readonly ArrayBufferWriter<byte> _written = new();
    Dictionary<string, string>? _environment;
    int _longestLife = LongestLife;

    string Log => _directory["access.log"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task Every_line_is_stored_exactly_once_however_often_the_collector_is_killed() => SoakAsync();

    [Fact]
    public async Task Every_line_is_stored_exactly_once_though_segments_are_compacted_all_the_time()
    {
        _environment = new() { ["PUPPYLOG_UPKEEP_MS"] = "20", ["PUPPYLOG_SEAL_BLOCKS"] = "2" };
        _longestLife = 3 * LongestLife;
        await SoakAsync();
        Assert.Contains(Directory.GetFiles(_directory.Data, "*.seg", SearchOption.AllDirectories), IsCompacted);
    }

    /// <summary>docs/formats/segment.md: bit 1 of the header's flags.</summary>
    static bool IsCompacted(string path) => (File.ReadAllBytes(path)[10] & 2) != 0;

    async Task SoakAsync()
    {
        var kills = Setting("PUPPYLOG_KILLS", 20);
        var seed = Setting("PUPPYLOG_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper!.WriteLine($"PUPPYLOG_SEED={seed}");
        using var ended = new CancellationTokenSource();
        File.WriteAllBytes(Log, []);
        var writing = Task.Run(() => WriteAsync(new Random(seed), ended.Token), TestContext.Current.CancellationToken);

        try
        {
            await KillAsync(kills, new Random(seed + 1));
            await using var last = Collect();
            await ended.CancelAsync();
            await program.WaitForCountAsync(_directory.Data, await writing, last);
            await last.StopAsync();
        }
        finally
        {
            await ended.CancelAsync();
            await writing;
        }

        AccessLines.AssertSame(_written.WrittenSpan.ToArray(), await program.RawAsync(_directory.Data));
    }

    async Task KillAsync(int kills, Random random)
    {
        for (var kill = 0; kill < kills; kill++)
        {
            await using var collector = Collect();
            await Task.Delay(random.Next(_longestLife), TestContext.Current.CancellationToken);
            Assert.False(collector.HasExited, $"the collector ended by itself: {string.Join('\n', collector.ErrorLines)}");
            collector.Kill();
            Assert.Equal(137, (await collector.WaitForExitAsync()).ExitCode);
        }
    }

    /// <summary>
    /// Appends lines in pieces that end anywhere, and renames the file away, writing on to it for a moment, once the store has
    /// something of it: a file that came and went while nobody watched cannot be known. Returns how many lines it wrote.
    /// </summary>
    async Task<int> WriteAsync(Random random, CancellationToken ended)
    {
        var (line, firstOfFile, rotations) = (0, 0, 0);
        while (!ended.IsCancellationRequested)
        {
            Write(Log);
            if (line - firstOfFile > 3000 && await IsStoredAsync(firstOfFile))
            {
                var rotated = _directory[$"access.log.{++rotations}"];
                Write(Log);
                File.Move(Log, rotated);
                Write(rotated);
                File.WriteAllBytes(Log, []);
                firstOfFile = line;
            }

            await Task.Delay(random.Next(30), CancellationToken.None);
        }

        return line;

        void Write(string path)
        {
            var count = random.Next(1, 200);
            var bytes = AccessLines.Lines(line, count);
            line += count;
            _written.Write(bytes);
            for (var at = 0; at < bytes.Length;)
            {
                var piece = Math.Min(bytes.Length - at, random.Next(1, 4096));
                AccessLines.Append(path, bytes[at..(at + piece)]);
                at += piece;
            }
        }
    }

    async Task<bool> IsStoredAsync(int line)
    {
        var filter = string.Create(CultureInfo.InvariantCulture, $"route:=\"/seq/{line:D7}\"");
        return (await program.RunAsync("search", filter, "--data", _directory.Data, "-o", "raw")).ExitCode == 0;
    }

    RunningProgram Collect() => program.Start(["collect", "-s", Log, "--watch", "--data", _directory.Data, "-o", "json"], _environment);

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
