using System.Globalization;
using System.Text;
using Puppylog.Pipeline;
using Puppylog.Sources.Native;
using Puppylog.Tests.Pipeline;

namespace Puppylog.Tests.Sources.Streams;

public sealed class PipeSourceTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pipe_is_made_where_it_is_missing_and_read_as_writers_come_and_go()
    {
        await using var bench = new CollectBench();
        var path = bench.PathOf("app.pipe");
        await bench.WatchAsync($"fifo:{path}");
        await bench.PollAsync();
        Assert.Equal("", File.ResolveLinkTarget(path, false)?.Name ?? "");
        for (var i = 0; i < 3; i++)
        {
            using (var first = PipeWriter.Open(path))
            {
                using var second = PipeWriter.Open(path);
                first.Write($"first {i}\n");
                second.Write($"second {i}\n");
                await bench.PollAsync();
            }

            await bench.PollAsync();
        }

        Assert.Equal(["first 0", "second 0", "first 1", "second 1", "first 2", "second 2"], bench.Store.Texts);
        Assert.All(bench.Store.Lines, line => Assert.Equal(path, line.Fields["file_path"]));
        Assert.Empty(bench.Store.Positions);
    }

    [Fact]
    public async Task Half_a_line_waits_while_a_writer_is_there_and_is_a_line_when_none_is()
    {
        await using var bench = new CollectBench();
        var path = bench.PathOf("app.pipe");
        await bench.WatchAsync($"fifo:{path}");
        await bench.PollAsync();
        using (var writer = PipeWriter.Open(path))
        {
            writer.Write("one\nha");
            await bench.PollAsync();
            Assert.Equal(["one"], bench.Store.Texts);
            writer.Write("lf\nrest");
        }

        using (var next = PipeWriter.Open(path))
        {
            next.Write("!\n");
            await bench.PollAsync();
        }

        using (var last = PipeWriter.Open(path))
        {
            last.Write("unended");
        }

        await bench.PollAsync();
        using (var later = PipeWriter.Open(path))
        {
            later.Write("own\n");
            await bench.PollAsync();
        }

        // Where the next writer came before the pipe was read, nobody can tell the two apart.
        Assert.Equal(["one", "half", "rest!", "unended", "own"], bench.Store.Texts);
    }

    [Fact]
    public async Task Run_that_does_not_follow_waits_for_the_first_writer_and_ends_with_the_last()
    {
        await using var bench = new CollectBench();
        var path = bench.PathOf("app.pipe");
        var run = bench.RunAsync($"fifo:{path}");
        using (var writer = await OpenAsync(path))
        {
            writer.Write("one\ntwo");
            await Task.Delay(50, Token);
        }

        await run.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(["one", "two"], bench.Store.Texts);
    }

    [Fact]
    public async Task Pipe_that_took_the_place_of_another_is_read_when_that_is_empty()
    {
        await using var bench = new CollectBench();
        var path = bench.PathOf("app.pipe");
        await bench.WatchAsync($"fifo:{path}");
        await bench.PollAsync();
        using var writer = PipeWriter.Open(path);
        writer.Write("old\n");
        File.Delete(path);
        writer.Write("older");
        for (var i = 0; i < 3; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
            await bench.PollAsync();
        }

        Assert.Equal(-1, writer.Write("nobody"u8));
        using var next = PipeWriter.Open(path);
        next.Write("new\n");
        await bench.PollAsync();
        Assert.Equal(["old", "older", "new"], bench.Store.Texts);
    }

    [Fact]
    public async Task Another_pipe_of_the_name_is_read_though_a_writer_keeps_the_first_one_open()
    {
        await using var bench = new CollectBench();
        var (path, other) = (bench.PathOf("app.pipe"), bench.PathOf("other.pipe"));
        await bench.WatchAsync($"fifo:{path}");
        await bench.PollAsync();
        using var writer = PipeWriter.Open(path);
        writer.Write("old\n");
        Assert.Equal(0, LibC.MakePipe(other, 0x1b0));
        File.Move(other, path, overwrite: true);
        writer.Write("older");
        for (var i = 0; i < 3; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
            await bench.PollAsync();
        }

        Assert.Equal(-1, writer.Write("nobody"u8));
        using var next = PipeWriter.Open(path);
        next.Write("new\n");
        await bench.PollAsync();
        Assert.Equal(["old", "older", "new"], bench.Store.Texts);
    }

    [Fact]
    public async Task What_is_not_a_pipe_is_said_once()
    {
        await using var bench = new CollectBench();
        var path = bench.PathOf("app.pipe");
        File.WriteAllText(path, "");
        await bench.WatchAsync($"fifo:{path}");
        for (var i = 0; i < 3; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
            await bench.PollAsync();
        }

        Assert.Equal([$"fifo:{path} is not a named pipe"], bench.Report.Notices);
        bench.Options = bench.Options with { Watch = false };
        Assert.Equal([$"fifo:{path} is not a named pipe"], (await bench.RunAsync($"fifo:{path}")).Failures);
    }

    [Fact]
    public async Task Writer_waits_while_the_store_does_and_nothing_is_lost()
    {
        var gate = new TaskCompletionSource();
        await using var bench = new CollectBench { Store = new MemoryLogStore { Gate = gate.Task } };
        var path = bench.PathOf("app.pipe");
        bench.Options = bench.Options with { Sources = [$"fifo:{path}"], Watch = true, Workers = 1, BatchSize = 100 };
        using var stop = new CancellationTokenSource();
        var run = new Collector(bench.Store, bench.Options, WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System).RunAsync(stop.Token);
        using var writer = await OpenAsync(path);
        var written = 0;
        for (var full = 0; full < 5;)
        {
            var line = Line(0, written);
            if (writer.Write(line) == line.Length)
            {
                written++;
            }
            else
            {
                full++;
                await Task.Delay(30, Token);
            }
        }

        await stop.CancelAsync();
        gate.SetResult();
        await UntilAsync(() => WriteOn() < 0);
        var summary = await run.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(0, summary.Unstored);
        Assert.Equal(Enumerable.Range(0, written), bench.Store.Texts.Select(Number));

        int WriteOn()
        {
            var count = writer.Write(Line(0, written));
            written += count > 0 ? 1 : 0;
            return count;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_writers_saw_as_written_is_stored_through_stops_and_starts(int seed)
    {
        const int Writers = 4;
        const int Lines = 10_000;
        await using var bench = new CollectBench();
        var path = bench.PathOf("app.pipe");
        bench.Options = bench.Options with { Sources = [$"fifo:{path}"], Watch = true, BatchSize = 5000 };
        var random = new Random(seed);
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAllAsync(path, writer, Lines), Token)).ToList();
        var written = Task.WhenAll(writing);
        for (var round = 0; round == 0 || !written.IsCompleted; round++)
        {
            using var stop = new CancellationTokenSource();
            var run = new Collector(bench.Store, bench.Options, WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System).RunAsync(stop.Token);
            await Task.WhenAny(written, Task.Delay(random.Next(60), Token));
            await stop.CancelAsync();
            await run.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        await written;
        foreach (var writer in Enumerable.Range(0, Writers))
        {
            var mine = bench.Store.Texts.Where(text => text[0] == '0' + writer).Select(Number);
            Assert.Equal(Enumerable.Range(0, Lines), mine);
        }

        Assert.Equal(Writers * Lines, bench.Store.Lines.Count);
    }

    [Fact]
    public async Task What_stdin_has_given_is_stored_when_the_run_is_stopped()
    {
        var gate = new TaskCompletionSource();
        await using var bench = new CollectBench { Store = new MemoryLogStore { Gate = gate.Task } };
        bench.Options = bench.Options with { Sources = ["-"], Watch = true, Workers = 1, BatchSize = 100 };
        var path = bench.PathOf("stdin");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 100_000).SelectMany(i => Line(0, i))]);
        await using var input = new CountingStream(path);
        using var stop = new CancellationTokenSource();
        var run = new Collector(bench.Store, bench.Options, WordParser.Lookup, bench.Report, () => input, TimeProvider.System).RunAsync(stop.Token);
        await UntilAsync(() => input.IsHeldUp);
        await stop.CancelAsync();
        await Task.Delay(100, Token);
        gate.SetResult();
        await run.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.True(input.Given > 1 << 20);
        Assert.Equal(input.Given, bench.Store.Texts.Sum(text => text.Length + 1) - (input.Given % Line(0, 0).Length == 0 ? 0 : 1));
    }

    static async Task WriteAllAsync(string path, int writer, int lines)
    {
        PipeWriter? pipe = null;
        var random = new Random(writer);
        for (var i = 0; i < lines;)
        {
            if (pipe is null && !PipeWriter.TryOpen(path, out pipe))
            {
                pipe = null;
                await Task.Delay(1, Token);
                continue;
            }

            var line = Line(writer, i);
            var count = pipe.Write(line);
            i += count == line.Length ? 1 : 0;
            if (count < 0 || random.Next(500) == 0)
            {
                pipe.Dispose();
                pipe = null;
            }
            else if (count == 0)
            {
                await Task.Delay(1, Token);
            }
        }

        pipe?.Dispose();
    }

    static byte[] Line(int writer, int number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{writer} {number:D7} {new string('x', 40)}\n"));

    static int Number(string text) => int.Parse(text.AsSpan(2, 7), CultureInfo.InvariantCulture);

    static async Task<PipeWriter> OpenAsync(string path)
    {
        PipeWriter? writer = null;
        await UntilAsync(() => PipeWriter.TryOpen(path, out writer));
        return writer!;
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 3000, "waited in vain");
            await Task.Delay(10, Token);
        }
    }

    /// <summary>Counts what was read, and tells when nobody reads on.</summary>
    sealed class CountingStream(string path) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        long _given;
        long _before = -1;

        public long Given => Volatile.Read(ref _given);

        public bool IsHeldUp => Given > 0 && Interlocked.Exchange(ref _before, Given) == Given;

        public override int Read(byte[] array, int offset, int count)
        {
            var read = base.Read(array, offset, count);
            Interlocked.Add(ref _given, read);
            return read;
        }
    }
}
