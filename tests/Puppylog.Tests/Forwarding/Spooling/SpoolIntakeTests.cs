using System.Text;
using Puppylog.Forwarding.Spooling;
using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Tests.Played;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Forwarding.Spooling;

public sealed class SpoolIntakeTests : IDisposable
{
    const string Directory = "/m/data/s";

    readonly ModelFileSystem _files = new(new Random(1));
    readonly PlayedClock _clock = new();
    readonly PlayedSource _source = new();
    readonly List<string> _notices = [];
    readonly SpoolBudget _budget = new(4000) { FileLength = 500 };

    public void Dispose() => _source.Dispose();

    [Fact]
    public void Lines_can_be_read_when_they_last_and_not_before()
    {
        using var spool = Open();
        using var intake = Intake(spool);
        Put("a\nb\n");
        Assert.True(intake.Step());
        Assert.Empty(Read(Source(spool, intake, [])));
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.False(intake.Step());
        Assert.Equal("a\nb\n", Read(Source(spool, intake, [])));
    }

    [Fact]
    public void Full_spool_stops_the_source_and_says_so_once_until_the_server_has_taken_some()
    {
        using var spool = Open();
        using var intake = Intake(spool);
        for (var i = 0; i < 100; i++)
        {
            Put($"{i:D3} {new string('x', 95)}\n");
        }

        while (intake.Step())
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var waiting = _source.Waiting.Count;
        Assert.InRange(waiting, 60, 75);
        Assert.False(intake.Step());
        Assert.Equal(waiting, _source.Waiting.Count);
        Assert.Contains("all that it may", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.InRange(_budget.Used, 3800, 4400);

        spool.Acknowledge(spool.Synced);
        Assert.True(intake.Step());
        Assert.True(_source.Waiting.Count < waiting);
        Assert.Equal("app is read on", _notices[1]);
    }

    [Fact]
    public void Source_goes_on_where_the_server_is_and_ends_with_its_filling()
    {
        using var spool = Open();
        using var intake = Intake(spool);
        Put("a\nbb\n");
        Put("ccc\n");
        intake.Step();
        intake.Finish();
        var known = new SourcePosition(SpoolSource.SourceName(spool.Origin), 0, 2, 1, "app", 0, 0);
        var source = Source(spool, intake, [known]);
        Assert.Equal("bb\nccc\n", Read(source));
        Assert.True(source.IsEnded);
        Assert.Equal(2, spool.Acknowledged);
    }

    /// <summary>A disk that has lost what it said to have: what comes now must not be taken for what was stored.</summary>
    [Fact]
    public void Position_behind_the_end_begins_another_generation()
    {
        using var spool = Open();
        using var intake = Intake(spool);
        Put("a\n");
        intake.Step();
        intake.Finish();
        var known = new SourcePosition(SpoolSource.SourceName(spool.Origin), 3, 1000, 1, "app", 0, 0);
        using var source = Source(spool, intake, [known]);
        Assert.True(source.TryRead(out var run));
        Assert.Equal(4, run.Content.At(2)!.Generation);
        Assert.Equal("a\n", Encoding.ASCII.GetString(run.Lines.Bytes));
        Assert.Equal(0, spool.Acknowledged);
    }

    [Fact]
    public void Cut_line_says_what_it_lost()
    {
        using var spool = Open();
        using var intake = Intake(spool);
        _source.Waiting.Enqueue(("aaaa"u8.ToArray(), 77));
        intake.Step();
        intake.Finish();
        using var source = Source(spool, intake, []);
        Assert.True(source.TryRead(out var run));
        Assert.Equal(77, run.Lines.Left);
    }

    [Fact]
    public void What_is_known_of_lines_beside_their_bytes_comes_along()
    {
        using var spool = Open();
        var peer = new SourcePeer(System.Net.IPAddress.Parse("10.1.2.3"));
        spool.Append("<1>a\nb\n"u8.ToArray(), SpoolTag.Of(new LineRun(new() { Bytes = "x"u8, Covered = 1, IsOneRecord = true }, null!, 0, peer)));
        spool.Append("c\n"u8.ToArray(), new(0));
        spool.Sync();
        using var source = new SpoolSource(spool, _source, static () => null, Context([]));
        Assert.True(source.TryRead(out var run));
        Assert.True(run.Lines.IsOneRecord);
        Assert.Equal("10.1.2.3", run.Peer!.ToString());
        Assert.True(source.TryRead(out run));
        Assert.False(run.Lines.IsOneRecord);
        Assert.Null(run.Peer);
    }

    [Fact]
    public void Damaged_bytes_are_skipped_and_said()
    {
        using (var spool = Open())
        using (var intake = Intake(spool))
        {
            for (var i = 0; i < 20; i++)
            {
                Put($"{i:D3} {new string('x', 95)}\n");
            }

            intake.Step();
            intake.Finish();
        }

        var path = _files.ListFiles(Directory).Order(StringComparer.Ordinal).First();
        using (var file = _files.OpenWrite(path))
        {
            file.Write(_files.Length(path) - 50, ["?"u8.ToArray()]);
        }

        using var again = Open();
        Assert.Contains("100 bytes of lines are lost", Assert.Single(_notices), StringComparison.Ordinal);
        using var source = new SpoolSource(again, null, static () => null, Context([]));
        var lines = Read(source).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(19, lines.Length);
        Assert.True(source.IsEnded);
    }

    Spool Open() => Spool.Open(_files, Directory, new(Guid.Empty, "app", null), _budget, _notices.Add);

    SpoolIntake Intake(Spool spool) => new(spool, _budget, _ => _source, _notices.Add, _clock);

    SpoolSource Source(Spool spool, SpoolIntake intake, IEnumerable<SourcePosition> known) => new(spool, _source, () => intake, Context(known));

    SourceContext Context(IEnumerable<SourcePosition> known) => new(true, 1000, new PositionBook(known), null, () => { }, _notices.Add, _clock);

    void Put(string lines) => _source.Waiting.Enqueue((Encoding.ASCII.GetBytes(lines), 0));

    static string Read(SpoolSource source)
    {
        var text = new StringBuilder();
        while (source.TryRead(out var run))
        {
            text.Append(Encoding.ASCII.GetString(run.Lines.Bytes));
        }

        return text.ToString();
    }
}
