using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Sources.Globs;

namespace Puppylog.Tests.Pipeline;

public sealed class ReconfigureTests
{
    static LineParserLookup Parsers { get; } = new(_ => "indent", (format, now) => format == "word" ? new WordParser { ReplaceTimes = now } : new IndentParser { ReplaceTimes = now });

    [Fact]
    public async Task Sources_that_stay_are_not_touched_and_others_come_and_go()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        var (a, b, c) = (Source(bench.PathOf("a.log")), Source(bench.PathOf("b.log")), Source(bench.PathOf("c.log")));
        Write(bench, "a1\n", "b1\n", "c1\n");
        await WatchAsync(bench, a, b);
        await bench.PollAsync();
        var before = bench.Feeds.Single(feed => feed.Source.Name == a.Input);
        await bench.ReconfigureAsync(a with { }, c);
        Write(bench, "a2\n", "b2\n", "c2\n");
        await bench.PollLongAsync();
        Assert.Same(before, bench.Feeds.Single(feed => feed.Source.Name == a.Input));
        Assert.Equal(["a1", "a2", "b1", "c1", "c2"], bench.Store.Texts.Order());
        await bench.ReconfigureAsync(b);
        await bench.PollLongAsync();
        Assert.Equal(["a1", "a2", "b1", "b2", "c1", "c2"], bench.Store.Texts.Order());
        Assert.Equal([b.Input], bench.SourceNames);
    }

    [Fact]
    public async Task Changed_settings_hold_from_the_record_on_that_is_not_complete()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        var source = Source(bench.PathOf("a.log"));
        File.WriteAllText(source.Input, "one\ntwo\n  rest\nhal");
        await WatchAsync(bench, source);
        await bench.PollAsync();
        Assert.Equal(["one"], bench.Store.Texts);
        await bench.ReconfigureAsync(source with { Fields = [new("application_name", "shop"), new("odd", "a\"b")] });
        File.AppendAllText(source.Input, "f\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two\n  rest", "half"], bench.Store.Texts);
        Assert.Equal([null, "shop", "shop"], bench.Store.Lines.Select(line => line.Fields.GetValueOrDefault("application_name")));
        Assert.Equal($"{{file_path=\"{source.Input}\",application_name=\"shop\",odd=\"a\\\"b\"}}", bench.Store.Lines[1].Fields["_stream"]);
        Assert.Equal(new FileInfo(source.Input).Length, Assert.Single(bench.Store.Positions.Values).Offset);
        Assert.Equal(4, bench.Counters.Read);
    }

    [Fact]
    public async Task Lines_that_are_no_longer_joined_are_stored_each()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        var source = Source(bench.PathOf("a.log"));
        File.WriteAllText(source.Input, "one\ntwo\n  rest\n");
        await WatchAsync(bench, source);
        await bench.PollAsync();
        await bench.ReconfigureAsync(source with { Join = JoinRule.Off });
        await bench.PollAsync();
        Assert.Equal(["one", "two", "  rest"], bench.Store.Texts);
        await bench.ReconfigureAsync(source with { Join = JoinRule.StartingWith("^[a-z]") });
        File.AppendAllText(source.Input, "three\n4\n5\nsix\n");
        await bench.PollLongAsync();
        Assert.Equal(["three\n4\n5", "six"], bench.Store.Texts.Skip(3));
        await bench.ReconfigureAsync(source with { Join = JoinRule.ContinuingWith("^[0-9]") });
        File.AppendAllText(source.Input, "a\nb\n6\nc\n");
        await bench.PollLongAsync();
        Assert.Equal(["a", "b\n6", "c"], bench.Store.Texts.Skip(5));
    }

    [Fact]
    public async Task File_goes_from_a_pattern_to_its_own_name_and_back()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        var (all, b) = (Source(bench.PathOf("*.log")), Source(bench.PathOf("b.log"), "word"));
        Write(bench, "a1\n", "b1\n", "c1\n");
        await WatchAsync(bench, all);
        await bench.PollAsync();
        await bench.ReconfigureAsync(all, b);
        Write(bench, "a2\n", "b2\n", "c2\n");
        await bench.PollLongAsync();
        await bench.ReconfigureAsync(b, all with { Excludes = [PathPattern.Parse(bench.PathOf("c*"))] });
        Write(bench, "a3\n", "b3\n", "c3\n");
        await bench.PollLongAsync();
        await bench.ReconfigureAsync(all);
        Write(bench, "a4\n", "b4\n", "c4\n");
        await bench.PollLongAsync();
        Assert.Equal(["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "c1", "c2", "c3", "c4"], bench.Store.Texts.Order());
        Assert.Equal(["indent", "word", "word", "indent"], bench.Store.Lines.Where(line => line.Text[0] == 'b').Select(line => line.Format));
        Assert.DoesNotContain(bench.Report.Notices, notice => notice.Contains("same file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_names_for_one_file_and_a_name_that_is_read_no_more()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        var a = Source(bench.PathOf("a.log"));
        Directory.CreateDirectory(bench.PathOf("d.log"));
        File.WriteAllText(a.Input, "1\n");
        await WatchAsync(bench, a, Source(bench.PathOf("d.log")));
        await bench.PollAsync();
        Assert.Contains(bench.Report.Notices, notice => notice.Contains("is a directory", StringComparison.Ordinal));
        Directory.Delete(bench.PathOf("d.log"));
        File.WriteAllText(bench.PathOf("d.log"), "d\n");
        // What could not be read is tried again.
        await bench.ReconfigureAsync(a, Source(bench.PathOf("d.log")));
        await bench.PollLongAsync();
        Assert.Equal(["1", "d"], bench.Store.Texts);
    }

    [Fact]
    public async Task Run_that_may_change_waits_for_its_sources_and_refuses_when_it_has_ended()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        Write(bench, "a1\n", "b1\n", "c1\n");
        var a = Source(bench.PathOf("a.log"));
        bench.Options = bench.Options with { Configured = [a], Watch = true, MayChange = true, Workers = 2 };
        var collector = new Collector(bench.Store, bench.Options, Parsers, bench.Report, bench.StandardInput, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = collector.RunAsync(stop.Token);
        await WaitForAsync(() => bench.Store.Texts.Any());
        await collector.ReconfigureAsync([a, Source(bench.PathOf("b.log")), Source(bench.PathOf("c.log"))], stop.Token);
        await WaitForAsync(() => bench.Store.Lines.Count == 3);
        await stop.CancelAsync();
        var summary = await run;
        Assert.Equal((3, 0), (summary.Counters.Stored, summary.Failures.Count));
        Assert.Equal(["a1", "b1", "c1"], bench.Store.Texts.Order());
        await Assert.ThrowsAnyAsync<Exception>(() => collector.ReconfigureAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task Run_that_goes_on_without_sources_takes_them_up_when_they_come()
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        Write(bench, "a1\n", "", "");
        bench.Options = bench.Options with { Configured = [], Watch = true, MayChange = true, GoesOn = true, Workers = 2 };
        var collector = new Collector(bench.Store, bench.Options, Parsers, bench.Report, bench.StandardInput, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = collector.RunAsync(stop.Token);
        await collector.ReconfigureAsync([], stop.Token);
        // Time to end, if it did.
        await Task.WhenAny(run, Task.Delay(300, stop.Token));
        await collector.ReconfigureAsync([Source(bench.PathOf("a.log"))], stop.Token);
        await WaitForAsync(() => bench.Store.Texts.Any());
        Assert.False(run.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(1, (await run).Counters.Stored);
    }

    enum Event
    {
        AppendA,
        AppendB,
        AppendC,
        AppendPart,
        Step,
        Poll,
        Wait,
        RotateA,
        All,
        AllButB,
        NamedAndPattern,
        ABAndFields,
        OnlyC,
        Words,
        Nothing,
        Restart,
    }

    [Fact]
    public void Every_line_is_stored_once_and_in_order_whenever_sources_change() =>
        Prop.ForAll(Arb.From(Gen.Elements(Enum.GetValues<Event>()).ListOf(30), OneEventLess), script => Task.Run(() => PlayAsync(script)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    static IEnumerable<List<Event>> OneEventLess(List<Event> script) =>
        script.Select((_, left) => script.Where((_, at) => at != left).ToList());

    static async Task PlayAsync(IEnumerable<Event> script)
    {
        await using var bench = new CollectBench { Parsers = Parsers };
        bench.Options = bench.Options with { Workers = 2, BatchSize = 3 };
        string[] names = ["a.log", "b.log", "c.log"];
        SourceOptions all = Source(bench.PathOf("*.log"));
        SourceOptions[] current = [all];
        await WatchAsync(bench, current);
        var random = new Random(1);
        var count = 0;
        var expected = names.ToDictionary(name => name[0], _ => new List<string>());
        void Append(string name, string end = "\n")
        {
            for (var i = 0; i < random.Next(1, 6); i++)
            {
                var line = $"{(random.Next(3) == 0 ? " " : "")}{name[0]}{++count}";
                File.AppendAllText(bench.PathOf(name), $"{line}{end}");
                if (end.Length > 0)
                {
                    expected[name[0]].Add(line);
                }
            }
        }

        foreach (var step in script)
        {
            switch (step)
            {
                case Event.AppendA or Event.AppendB or Event.AppendC:
                    Append(names[step - Event.AppendA]);
                    break;
                case Event.AppendPart:
                    var (begun, left) = ($"c{++count}", random.Next(1, 3));
                    File.AppendAllText(bench.PathOf("c.log"), begun[..left]);
                    await bench.StepAsync();
                    File.AppendAllText(bench.PathOf("c.log"), $"{begun[left..]}\n");
                    expected['c'].Add(begun);
                    break;
                case Event.Step:
                    await bench.StepAsync();
                    break;
                case Event.Poll:
                    await bench.PollAsync();
                    break;
                case Event.Wait:
                    bench.Clock.Advance(TimeSpan.FromMilliseconds(700));
                    await bench.StepAsync();
                    break;
                case Event.RotateA when File.Exists(bench.PathOf("a.log")):
                    // What nobody reads while it is rotated twice is gone.
                    await bench.ReconfigureAsync(current = [all]);
                    await bench.PollLongAsync();
                    File.Move(bench.PathOf("a.log"), bench.PathOf("a.log.1"), overwrite: true);
                    Append("a.log");
                    break;
                case Event.Restart:
                    bench.Stop();
                    await WatchAsync(bench, current);
                    break;
                case >= Event.All:
                    current = step switch
                    {
                        Event.All => [all],
                        Event.AllButB => [all with { Excludes = [PathPattern.Parse(bench.PathOf("b*"))] }],
                        Event.NamedAndPattern => [Source(bench.PathOf("a.log")), Source(bench.PathOf("[ab].log"), "word"), all],
                        Event.ABAndFields => [Source(bench.PathOf("a.log")) with { Fields = [new("x", "1")] }, Source(bench.PathOf("b.log"))],
                        Event.OnlyC => [Source(bench.PathOf("c.log"))],
                        Event.Words => [all with { Format = "word" }],
                        _ => [],
                    };
                    await bench.ReconfigureAsync(current);
                    break;
            }
        }

        await bench.ReconfigureAsync(all);
        await bench.PollLongAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.PollLongAsync();
        var lines = bench.Store.Texts.SelectMany(text => text.Split('\n')).GroupBy(line => line.TrimStart()[0]).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var (name, wanted) in expected)
        {
            Assert.Equal(wanted, lines.GetValueOrDefault(name, []));
        }
    }

    static async Task WatchAsync(CollectBench bench, params SourceOptions[] sources)
    {
        bench.Options = bench.Options with { Configured = sources, MayChange = true };
        await bench.WatchAsync();
    }

    static async Task WaitForAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1000, "it does not come");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    static SourceOptions Source(string input, string format = "indent") => new() { Input = input, Format = format };

    static void Write(CollectBench bench, string a, string b, string c)
    {
        File.AppendAllText(bench.PathOf("a.log"), a);
        File.AppendAllText(bench.PathOf("b.log"), b);
        File.AppendAllText(bench.PathOf("c.log"), c);
    }
}
