using System.Collections;
using System.Globalization;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>
/// The promise "nothing lost, nothing twice, order kept": eight writers that rotate in all ways, and a collector that is
/// stopped and killed at random moments. <c>$PUPPYLOG_SOAK_LINES</c> sets how many lines (60,000 take a minute), <c>$PUPPYLOG_SEED</c>
/// repeats a run, as far as threads let that be.
/// </summary>
public sealed class RotationSoakTests(PublishedProgram program) : IDisposable
{
    const int Writers = 8;

    readonly TestDirectory _directory = new();

    string Logs => _directory["logs"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_line_is_stored_once_and_in_order_whatever_rotates_and_whoever_is_killed()
    {
        var lines = Setting("PUPPYLOG_SOAK_LINES", 12_000);
        var seed = Setting("PUPPYLOG_SEED", Random.Shared.Next());
        Say($"PUPPYLOG_SEED={seed}");
        Directory.CreateDirectory(Path.Combine(Logs, "real"));
        var perFile = Math.Clamp(lines / Writers / 30, 200, 50_000);
        var writers = Enumerable.Range(0, Writers)
            .Select(writer => new RotatingWriter(Logs, writer, seed + writer, perFile, IsStoredAsync)).ToList();
        using var broken = new CancellationTokenSource();
        var writing = Task.WhenAll(writers.Select((writer, i) => Task.Run(
            () => writer.WriteAsync(lines / Writers, linked: i == 5, pause: lines > 1_000_000 ? 0 : 20, broken.Token), TestContext.Current.CancellationToken)));
        try
        {
            var kills = await DisturbAsync(writing, new Random(seed + Writers));
            Say($"{kills} times stopped or killed");
            await using var last = Collect();
            await WaitForAllAsync(writers.Sum(writer => (long)writer.Lines), last);
            await last.StopAsync();
        }
        finally
        {
            await broken.CancelAsync();
            await Task.WhenAny(writing);
        }

        foreach (var style in writers.SelectMany(writer => writer.Rotations).GroupBy(style => style.Key))
        {
            Say($"{style.Sum(count => count.Value),8} × {style.Key}");
        }

        await AssertAllAsync(writers);
    }

    /// <summary>Starts collectors and ends them, until all has been written.</summary>
    async Task<int> DisturbAsync(Task writing, Random random)
    {
        var times = 0;
        while (!writing.IsCompleted)
        {
            await using var collector = Collect();
            await Task.WhenAny(writing, Task.Delay(random.Next(random.Next(4) == 0 ? 8000 : 1500), TestContext.Current.CancellationToken));
            Assert.False(collector.HasExited, $"the collector ended by itself: {string.Join('\n', collector.ErrorLines)}");
            if (random.Next(4) == 0)
            {
                collector.Terminate();
                // 143: asked before it could listen.
                Assert.Contains((await collector.WaitForExitAsync()).ExitCode, new[] { 0, 143 });
            }
            else
            {
                collector.Kill();
                await collector.WaitForExitAsync();
            }

            times++;
            await Task.WhenAny(writing, Task.Delay(random.Next(random.Next(3) == 0 ? 2000 : 100), TestContext.Current.CancellationToken));
        }

        await writing;
        return times;
    }

    async Task WaitForAllAsync(long lines, RunningProgram collector)
    {
        var (before, quiet) = (-1L, 0);
        // When nothing comes any more, what is missing is missing.
        while (quiet < 15)
        {
            var stored = await program.CountAsync(_directory.Data);
            if (stored >= lines)
            {
                return;
            }

            quiet = stored == before ? quiet + 1 : 0;
            before = stored;
            Assert.False(collector.HasExited);
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }

    async Task AssertAllAsync(List<RotatingWriter> writers)
    {
        var seen = writers.ConvertAll(writer => new BitArray(writer.Lines));
        var last = new Dictionary<(int Writer, int Content), int>();
        var (doubled, disordered) = (new List<string>(), new List<string>());
        for (var asked = 0; asked < writers.Count; asked++)
        {
            // Of all at once, millions of lines would not fit into memory.
            var result = await program.RunAsync(["search", $"w{asked}s*", "--data", _directory.Data, "-o", "raw"], null, patience: TimeSpan.FromMinutes(15));
            Assert.Equal(0, result.ExitCode);
            using var reader = new StreamReader(new MemoryStream(result.Output), Encoding.ASCII);
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } text)
            {
                var (writer, line, content) = Parse(text);
                Assert.Equal(asked, writer);
                if (seen[writer][line])
                {
                    doubled.Add(text);
                }

                seen[writer][line] = true;
                if (last.TryGetValue((writer, content), out var before) && before > line)
                {
                    disordered.Add(text);
                }

                last[(writer, content)] = line;
            }
        }

        // What is nobody's would have been found by no question.
        Assert.Equal(seen.Sum(bits => bits.Cast<bool>().LongCount(bit => bit)) + doubled.Count, await program.CountAsync(_directory.Data));
        var lost = seen.SelectMany((bits, writer) => Enumerable.Range(0, bits.Count).Where(line => !bits[line]).Select(line => $"w{writer}s{line}")).ToList();
        Say($"{writers.Sum(writer => (long)writer.Lines)} lines: {lost.Count} lost, {doubled.Count} doubled, {disordered.Count} out of order");
        Assert.True(
            lost.Count + doubled.Count + disordered.Count == 0,
            $"lost: {First(lost)}\ndoubled: {First(doubled)}\nout of order: {First(disordered)}\n{string.Join('\n', Directory.GetFiles(Logs).Order(StringComparer.Ordinal))}");

        static string First(List<string> lines) => $"{lines.Count} {string.Join(", ", lines.Take(5))} … {lines.LastOrDefault()}";
    }

    static (int Writer, int Line, int Content) Parse(string text)
    {
        var words = text.Split(' ');
        var s = words[0].IndexOf('s', StringComparison.Ordinal);
        return (Number(words[0].AsSpan(1, s - 1)), Number(words[0].AsSpan(s + 1)), Number(words[1].AsSpan(1)));
    }

    async Task<bool> IsStoredAsync(string word) =>
        (await program.RunAsync("search", word, "--data", _directory.Data, "-o", "raw", "--limit", "1")).ExitCode == 0;

    /// <summary>Two of the patterns overlap, and two match what was rotated, too. Times of reading show the order of reading.</summary>
    RunningProgram Collect() => program.Start(
        "collect", "-s", Path.Combine(Logs, "*.log"), Path.Combine(Logs, "w0.log*"), Path.Combine(Logs, "w1.log*"),
        "--watch", "--now", "--format", "text", "--data", _directory.Data, "-o", "json");

    static int Number(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
