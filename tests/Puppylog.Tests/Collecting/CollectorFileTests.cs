using Puppylog.App.Collecting;
using Puppylog.Pipeline;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Collecting;

public sealed class CollectorFileTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-").FullName;
    readonly PlayedClock _clock = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Others_read_how_sources_stand_while_the_process_lives()
    {
        SourceState[] sources = [Source("a.log", "cannot read a.log: permission denied"), Source("*.log"), Source("b.log", isFound: true, lag: 7), Source("c.log", isFound: true)];
        using (CollectorFile.TryStart(_directory, () => sources, _clock))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var since = "2026-11-21T14:00:01Z";
            Assert.Equivalent(
                new CollectorState(Environment.ProcessId, 4, 1, 7, [
                    new("a.log", "hindered", "cannot read a.log: permission denied", since, 0, 1, 2), new("*.log", "reading", null, null, 0, 1, 2), new("b.log", "reading", null, null, 7, 1, 2)]),
                Read(),
                strict: true);
            _clock.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal(since, Read().List[0].Since);

            sources[0] = Source("a.log");
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(0, Read().Hindered);
            Assert.DoesNotContain(Read().List, entry => entry.Trouble is not null);
        }

        Assert.Empty(CollectorFiles.Read(_directory));
    }

    [Fact]
    public void Numbers_alone_are_written_every_five_seconds()
    {
        var lag = 0L;
        using var file = CollectorFile.TryStart(_directory, () => [Source("a.log", lag: lag++)], _clock);
        var seen = new HashSet<long>();
        for (var second = 0; second < 50; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            seen.Add(Read().Lag);
        }

        Assert.InRange(seen.Count, 10, 11);
    }

    [Fact]
    public void What_a_killed_process_has_left_counts_for_nothing_and_goes_with_the_next_start()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "collectors")).FullName;
        var left = Path.Combine(folder, "1.json");
        File.WriteAllText(left, """{"process":1,"sources":1,"hindered":1,"lag":0,"list":[]}""");
        Assert.Empty(CollectorFiles.Read(_directory));
        using var file = CollectorFile.TryStart(_directory, () => [], _clock);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Many_hindered_sources_are_counted_and_some_of_them_named()
    {
        var states = new SourceStates(_clock).Sum(Enumerable.Range(0, 1000).Select(i => Source($"{i}.log", "no", isFound: true)));
        Assert.Equal((1000, 1000, CollectorState.MostListed), (states.Sources, states.Hindered, states.List.Count));
    }

    CollectorState Read() => Assert.Single(CollectorFiles.Read(_directory));

    static SourceState Source(string name, string? trouble = null, bool isFound = false, long lag = 0) => new(name, isFound, trouble, IsEnded: false, lag, 1, 2);
}
