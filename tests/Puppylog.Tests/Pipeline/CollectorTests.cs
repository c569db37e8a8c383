using System.IO.Compression;
using System.Text;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Tests.Pipeline;

public sealed class CollectorTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 190, 0)]
    [InlineData(false, 210, 1)]
    [InlineData(true, 15, 0)]
    [InlineData(true, 25, 1)]
    public async Task Record_waits_200_ms_for_others_and_20_while_somebody_follows(bool watched, int milliseconds, int commits)
    {
        await using var bench = new CollectBench { Store = new() { IsWatched = watched } };
        File.WriteAllText(bench.PathOf("a.log"), "one\n");
        await bench.WatchAsync(bench.PathOf("a.log"));
        await bench.StepAsync();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await bench.StepAsync();
        Assert.Equal(commits, bench.Store.Commits);
    }

    [Fact]
    public async Task File_is_read_to_its_end_and_a_second_run_stores_nothing()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllBytes(log, "one\r\n\0\xff\n\nlast"u8.ToArray());
        var summary = await bench.RunAsync(log);
        Assert.Equal(["one\r", "\0\u00c3\u00bf", "", "last"], bench.Store.Texts);
        Assert.Equal((4, 4, 0, 14), (summary.Counters.Read, summary.Counters.Stored, summary.Counters.Invalid, summary.Counters.Bytes));
        Assert.Empty(summary.Failures);
        Assert.Equal(["a.log: word"], bench.Report.Notices);
        Assert.Equal(log, bench.Store.Lines[0].Fields["file_path"]);
        Assert.Equal($"{{file_path=\"{log}\"}}", bench.Store.Lines[0].Fields["_stream"]);

        summary = await bench.RunAsync(log);
        Assert.Equal((0, 0), (summary.Counters.Read, summary.Counters.Stored));
        File.AppendAllText(log, "\nnext\n");
        summary = await bench.RunAsync(log);
        Assert.Equal(["", "next"], bench.Store.Texts.Skip(4));
        Assert.Equal(6, Assert.Single(bench.Store.Positions.Values).Line);
    }

    [Theory]
    [InlineData("Report", "a,b", 2, 0)]
    [InlineData("Drop", "a,b", 2, 0)]
    [InlineData("Keep", "a,b,!x,!y", 0, 2)]
    public async Task Invalid_lines_are_treated_as_asked(string how, string stored, int counted, int kept)
    {
        var invalid = Enum.Parse<InvalidLines>(how);
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "a\n!x\nb\n!y\n");
        bench.Options = bench.Options with { Invalid = invalid };
        var summary = await bench.RunAsync(log);
        Assert.Equal(stored, string.Join(',', bench.Store.Texts));
        Assert.Equal((4, stored.Split(',').Length, counted, kept), (summary.Counters.Read, summary.Counters.Stored, summary.Counters.Invalid, summary.Counters.Kept));
        Assert.Equal(
            invalid == InvalidLines.Report ? ["a.log:2: begins with !: !x", "a.log:4: begins with !: !y"] : [],
            bench.Report.InvalidLines);
        Assert.Equal(10, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Fact]
    public async Task Kept_line_has_the_time_of_the_record_before_it()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "@5 a\n!x\n@7 b\n!y\n");
        bench.Options = bench.Options with { Invalid = InvalidLines.Keep };
        await bench.RunAsync(log);
        Assert.Equal([5, 5, 7, 7], bench.Store.Lines.Select(line => line.Time).Order());
        Assert.All(bench.Store.Lines.Where(line => line.Format == "text"), line => Assert.Equal(log, line.Fields["file_path"]));
        bench.Options = bench.Options with { Now = true };
        File.AppendAllText(log, "@9 c\n!z\n");
        await bench.RunAsync(log);
        Assert.All(bench.Store.Lines.Skip(4), line => Assert.True(line.Time > 1_000_000_000_000_000_000));
    }

    [Fact]
    public async Task File_with_nothing_new_ends_at_the_first_look()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.RunAsync(log);
        bench.Options = bench.Options with { Sources = [log] };
        var collector = bench.NewCollector();
        await collector.OpenAsync(Token);
        await collector.StepAsync(Token);
        Assert.True(collector.IsEnded);
        collector.Dispose();
    }

    [Fact]
    public async Task Sources_that_cannot_be_read_are_named_and_the_others_are_read()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "one\n");
        var summary = await bench.RunAsync(bench.PathOf("missing.log"), bench.Folder, bench.PathOf("a.log"));
        Assert.Equal(["one"], bench.Store.Texts);
        Assert.Equal(
            [$"{bench.PathOf("missing.log")}: no such file", $"{bench.Folder} is a directory; name the files in it"], summary.Failures);
    }

    [Fact]
    public async Task Lines_that_are_too_long_are_cut_and_counted()
    {
        await using var bench = new CollectBench();
        bench.Options = bench.Options with { MaxLine = 10 };
        File.WriteAllText(bench.PathOf("a.log"), $"{new string('x', 15)}\nshort\n{new string('y', 3_000_000)}\nend\n");
        var summary = await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal([new string('x', 10), "short", new string('y', 10), "end"], bench.Store.Texts);
        Assert.Equal("5", bench.Store.Lines[0].Fields["cut_bytes"]);
        Assert.Equal("2999990", bench.Store.Lines[2].Fields["cut_bytes"]);
        Assert.Equal((2, 3_000_027), (summary.Counters.Cut, summary.Counters.Bytes));
        Assert.Equal(3_000_027, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Fact]
    public async Task Batches_and_commits_stay_within_their_bounds_and_chain()
    {
        await using var bench = new CollectBench { Store = new MemoryLogStore { CountOnly = true } };
        File.WriteAllText(bench.PathOf("a.log"), string.Concat(Enumerable.Repeat("\n", 400_000)));
        File.WriteAllText(bench.PathOf("b.log"), string.Concat(Enumerable.Repeat($"{new string('b', 99)}\n", 200_000)));
        var summary = await bench.RunAsync(bench.PathOf("a.log"), bench.PathOf("b.log"));
        Assert.Equal((600_000, 600_000), (summary.Counters.Read, summary.Counters.Stored));
        Assert.True(bench.Store.Commits > 6);
        Assert.Equal([400_000, 20_000_000], bench.Store.Positions.Values.Select(position => position.Offset).Order());
    }

    [Fact]
    public async Task Fields_are_kept_however_many_names_the_lines_before_had()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        var lines = Enumerable.Range(0, 2500).Select(line => $$"""{"own{{line}}":"{{line}}"}""")
            .Prepend("{" + string.Join(',', Enumerable.Range(0, 995).Select(field => $"\"f{field}\":1")) + "}");
        File.WriteAllLines(log, lines);
        await new Collector(
            bench.Store, new CollectOptions { Sources = [log], Format = "json" }, LineParserLookup.Default, bench.Report, () => Stream.Null, bench.Clock)
            .RunAsync(Token);
        Assert.Equal(2501, bench.Store.Lines.Count);
        Assert.Equal("1", bench.Store.Lines[0].Fields["f994"]);
        Assert.All(Enumerable.Range(0, 2500), line => Assert.Equal($"{line}", bench.Store.Lines[line + 1].Fields[$"own{line}"]));
    }

    [Fact]
    public async Task Another_collector_on_the_same_file_is_refused()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.AppendAllText(log, "two\n");
        await new Collector(bench.Store, bench.Options with { Watch = false }, WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System).RunAsync(Token);
        await Assert.ThrowsAsync<PositionConflictException>(bench.PollAsync);
        Assert.Equal(["one", "two"], bench.Store.Texts);
    }

    [Fact]
    public async Task Failure_of_the_store_ends_the_run()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "one\n");
        bench.Store.Failure = new LogStoreException("no room in the kennel");
        var wrong = await Assert.ThrowsAsync<LogStoreException>(() => bench.RunAsync(bench.PathOf("a.log")));
        Assert.Equal("no room in the kennel", wrong.Message);
    }

    [Theory]
    [InlineData(true, "storing goes on")]
    [InlineData(false, "the work in the background goes on")]
    public async Task What_goes_on_when_a_trouble_is_over_is_what_it_has_hindered(bool hindersStoring, string news)
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        while (bench.Counters.Stored < 1)
        {
            await bench.PollAsync();
        }

        (bench.Store.Trouble, bench.Store.IsHindered) = ("something is wrong", hindersStoring);
        await bench.PollAsync();
        (bench.Store.Trouble, bench.Store.IsHindered) = (null, false);
        await bench.PollAsync();
        Assert.Equal(hindersStoring ? ["something is wrong"] : ["something is wrong", news], bench.Report.Notices.Skip(1));

        File.AppendAllText(log, "two\n");
        while (bench.Counters.Stored < 2)
        {
            await bench.PollAsync();
        }

        Assert.Equal(["something is wrong", news], bench.Report.Notices.Skip(1));
    }

    [Fact]
    public async Task Fields_with_too_long_a_name_are_counted_and_the_line_has_them()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        var line = $$"""{"msg":"hi","{{new string('n', 1025)}}":1,"o":{"{{new string('m', 1023)}}":{ "a":2 } },"n":3}""";
        File.WriteAllText(log, string.Concat(Enumerable.Repeat(line + "\n", 3)));
        var summary = await new Collector(
            bench.Store, new CollectOptions { Sources = [log] },
            LineParserLookup.Default, bench.Report, () => Stream.Null, TimeProvider.System).RunAsync(Token);
        Assert.Equal((3, 6), (summary.Counters.Stored, summary.Counters.Unnamed));
        Assert.Equal(line, bench.Store.Texts.First());
    }

    [Fact]
    public async Task Cancelled_run_stores_everything_that_it_has_read()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\ntwo\npart");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var collector = new Collector(
            bench.Store, new CollectOptions { Sources = [log], Watch = true, FlushInterval = TimeSpan.FromHours(1) },
            WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System);
        var run = collector.RunAsync(cancel.Token);
        while (collector.Counters.Read < 2)
        {
            await Task.Delay(5, Token);
        }

        Assert.Empty(bench.Store.Lines);
        await cancel.CancelAsync();
        var summary = await run;
        Assert.Equal(["one", "two"], bench.Store.Texts);
        Assert.Equal((2, 2, 0), (summary.Counters.Read, summary.Counters.Stored, summary.Unstored));
    }

    [Fact]
    public async Task Cancelled_run_gives_up_on_a_store_that_does_not_answer()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\ntwo\n");
        bench.Store.Gate = new TaskCompletionSource().Task;
        bench.Store.Trouble = "the disk is full";
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var collector = new Collector(
            bench.Store, new CollectOptions { Sources = [log], Watch = true, LastCommits = TimeSpan.FromMilliseconds(50) },
            WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System);
        var run = collector.RunAsync(cancel.Token);
        while (collector.Counters.Read < 2)
        {
            await Task.Delay(5, Token);
        }

        await cancel.CancelAsync();
        var summary = await run;
        Assert.Equal(2, summary.Unstored);
        Assert.Single(bench.Report.Notices, notice => notice == "the disk is full");
    }

    [Fact]
    public async Task Cancelled_run_says_what_a_store_that_does_not_answer_kept_it_from_storing()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        // More than may be under way: the run waits in the middle of reading.
        File.WriteAllText(log, string.Concat(Enumerable.Repeat("\n", 5 * RecordBatch.MaxRecords)));
        bench.Store.Gate = new TaskCompletionSource().Task;
        bench.Store.Trouble = "the disk is full";
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var collector = new Collector(
            bench.Store, new CollectOptions { Sources = [log], LastCommits = TimeSpan.FromMilliseconds(50) },
            WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System);
        var run = collector.RunAsync(cancel.Token);
        while (bench.Report.Notices.Count < 2)
        {
            await Task.Delay(5, Token);
        }

        await cancel.CancelAsync();
        var summary = await run;
        Assert.Equal(summary.Counters.Read, summary.Unstored);
        Assert.InRange(summary.Unstored, 1, 5 * RecordBatch.MaxRecords);
    }

    [Fact]
    public async Task Stdin_is_read_to_its_end()
    {
        await using var bench = new CollectBench();
        bench.StandardInput = () => new MemoryStream(Encoding.ASCII.GetBytes("one\ntwo\nlast"));
        var summary = await bench.RunAsync("-", "-");
        Assert.Equal(["one", "two", "last"], bench.Store.Texts);
        Assert.Empty(bench.Store.Positions);
        Assert.Empty(bench.Store.Lines[0].Fields);
        Assert.Equal(12, summary.Counters.Bytes);
    }

    [Fact]
    public async Task Compressed_file_is_read_once_and_its_growth_goes_on()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log.gz");
        Compress("one\ntwo\n");
        await bench.RunAsync(log);
        await bench.RunAsync(log);
        Assert.Equal(["one", "two"], bench.Store.Texts);
        Compress("one\ntwo\nthree\n");
        await bench.RunAsync(log);
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);
        Compress("other\n");
        await bench.RunAsync(log);
        Assert.Equal(["one", "two", "three", "other"], bench.Store.Texts);
        File.WriteAllText(log, "no gzip");
        Assert.Single((await bench.RunAsync(log)).Failures);

        void Compress(string text)
        {
            using var gzip = new GZipStream(new FileStream(log, FileMode.OpenOrCreate), CompressionLevel.Fastest);
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }
    }

    [Fact]
    public async Task Growing_file_is_followed_live()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var collector = new Collector(
            bench.Store, new CollectOptions { Sources = [log], Watch = true }, WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System);
        var run = collector.RunAsync(cancel.Token);
        for (var i = 1; i <= 20; i++)
        {
            File.AppendAllText(log, $"line {i}\n");
            while (collector.Counters.Read < i)
            {
                await Task.Delay(1, Token);
            }
        }

        await cancel.CancelAsync();
        await run;
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"line {i}"), bench.Store.Texts);
    }

    [Theory]
    [InlineData("/var/log/a.log", "{file_path=\"/var/log/a.log\"}")]
    [InlineData("/a\"b\\c\nd", "{file_path=\"/a\\\"b\\\\c\\nd\"}")]
    public void Stream_names_are_escaped(string path, string expected) => Assert.Equal(expected, RecordOrigin.StreamText([new("file_path", path)]));
}
