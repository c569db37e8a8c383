using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Pipeline.Joining;
using Puppylog.Sources;

namespace Puppylog.Tests.Pipeline;

public sealed class RecordJoinerTests
{
    const int Most = 60;

    static readonly Gen<string> Line = Gen.Elements("a", "b.", " c", " d", "1:e", "1: f", "2:g", "2: h.", "", "1: iii", " jjjjjjjjjjjjjjjjjjjjjjjjjj", "1:.");

    [Fact]
    public void Records_are_the_lines_that_a_channel_joins_and_none_is_lost_wherever_runs_are_cut() =>
        Prop.ForAll(Line.ListOf().ToArbitrary(), Gen.Choose(0, 5).ListOf().ToArbitrary(), (lines, cuts) =>
        {
            var told = new Played(10_000);
            told.Feed(lines.ToList(), cuts.ToList());
            told.Joiner.CompleteAll();
            told.Take();
            Assert.Equal(Joined(lines), told.Records);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Records_taken_as_they_stand_in_runs_are_the_same_and_so_is_the_position() =>
        Prop.ForAll(Line.ListOf().ToArbitrary(), Gen.Choose(0, 5).ListOf().ToArbitrary(), Gen.Elements(12, Most, 10_000).ToArbitrary(), (lines, cuts, most) =>
        {
            var held = new Played(most, interleaves: false);
            var told = new Played(most, interleaves: false) { TakesRuns = true };
            for (var i = 0; i < lines.Count; i += 7)
            {
                var some = lines.Skip(i).Take(7).ToList();
                held.Feed(some, cuts.ToList());
                told.Feed(some, cuts.ToList());
                Assert.Equal(held.Records, told.Records);
                Assert.Equal(held.Position, told.Position);
                if (i % 3 == 0)
                {
                    held.Joiner.CompleteSilent(0);
                    told.Joiner.CompleteSilent(0);
                    held.Take();
                    told.Take();
                }
            }

            Assert.Equal(Held(held), Held(told));
        }).QuickCheckThrowOnFailure();

    static string Held(Played told) => string.Concat(told.Joiner.TakeHeld().Select(held => Encoding.UTF8.GetString(held.Bytes)));

    [Fact]
    public void Memory_is_bounded_and_no_line_is_lost_when_records_are_given_up() =>
        Prop.ForAll(Line.ListOf().ToArbitrary(), Gen.Choose(0, 5).ListOf().ToArbitrary(), (lines, cuts) =>
        {
            var told = new Played(Most);
            told.Feed(lines.ToList(), cuts.ToList());
            Assert.True(told.MostHeld <= 3 * Most, $"{told.MostHeld} bytes held");
            told.Joiner.CompleteAll();
            told.Take();
            Assert.Equal(lines.Order(StringComparer.Ordinal), told.Records.SelectMany(record => record.Split('\n')).Order(StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_given_up_and_what_a_reader_finds_behind_it_are_all_lines_once() =>
        Prop.ForAll(Line.ListOf().ToArbitrary(), Gen.Choose(0, 5).ListOf().ToArbitrary(), (lines, cuts) =>
        {
            var told = new Played(10_000);
            told.Feed(lines.ToList(), cuts.ToList());
            // As after a crash: begin anew where the position stands.
            var rest = told.Text[(int)told.Position..];
            var again = new Played(10_000);
            again.Feed(rest.Length == 0 ? [] : [.. rest[..^1].Split('\n')], []);
            again.Joiner.CompleteAll();
            again.Take();
            Assert.Equal(Joined(lines), [.. told.Records, .. again.Records]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Record_that_nothing_was_added_to_ends_and_a_later_line_begins_another()
    {
        var told = new Played(10_000);
        told.Feed(["1:a", "b", " c"], []);
        Assert.Empty(told.Records);
        told.Joiner.CompleteSilent(0);
        told.Take();
        Assert.Equal(["1:a", "b\n c"], told.Records);
        told.Feed([" d", "e"], []);
        Assert.Equal(["1:a", "b\n c", " d"], told.Records);
    }

    [Fact]
    public void Places_of_decoded_text_are_those_of_the_input() =>
        Prop.ForAll(Gen.Elements("ä", " b😀", "語c", " ").ListOf().ToArbitrary(), Gen.Choose(1, 4).NonEmptyListOf().ToArbitrary(), (lines, cuts) =>
        {
            const int Mark = 2;
            var content = new SourceContent(null, "a", 0, new ContentHead(0));
            var joiner = new RecordJoiner(new IndentParser.IndentJoin(), 10_000);
            var offset = 0L;
            var given = 0;
            for (int at = 0, turn = 0; at < lines.Count; turn++)
            {
                var text = string.Concat(lines.Skip(at).Take(cuts[turn % cuts.Count]).Select(line => line + "\n"));
                at += cuts[turn % cuts.Count];
                var covered = (2 * text.Length) + (offset == 0 ? Mark : 0);
                joiner.Add(new(new() { Bytes = Encoding.UTF8.GetBytes(text), Covered = covered, Lead = offset == 0 ? Mark : 0, IsDecoded = true }, content, offset), 0);
                offset += covered;
                while (joiner.TryTake(out var records, out var end))
                {
                    given += records.ToArray().Sum(record => record.Lines);
                    var reached = 0L;
                    foreach (var run in joiner.Runs.Where(run => run.Start < end))
                    {
                        reached = run.At(end, joiner.Bytes);
                    }

                    Assert.Equal(Mark + lines.Take(given).Sum(line => 2 * (line.Length + 1)), reached);
                }
            }

            var held = joiner.TakeHeld();
            Assert.Equal(given == 0 && lines.Count > 0 ? Mark : 0, held.Sum(each => each.Run.Lead));
            Assert.Equal(lines.Skip(given).Sum(line => 2L * (line.Length + 1)) + (given == 0 && lines.Count > 0 ? Mark : 0), held.Sum(each => each.Run.Lines(each.Bytes).Lines.Covered));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rest_of_a_run_of_decoded_text_is_held_at_its_place_in_the_input()
    {
        var content = new SourceContent(null, "a", 0, new ContentHead(0));
        var joiner = new RecordJoiner(new IndentParser.IndentJoin(interleaves: false), 100);
        var first = new LineRun(new() { Bytes = "ä\n"u8, Covered = 6, Lead = 2, IsDecoded = true }, content, 0);
        var records = joiner.Begin(first, 0);
        Assert.False(records.TryNext(out _));
        joiner.Hold(first, records, 0);
        var second = new LineRun(new() { Bytes = " 😀\nb\nc\n"u8, Covered = 16, IsDecoded = true }, content, 6);
        records = joiner.Begin(second, 0);
        Assert.True(joiner.TryTake(out _, out var end));
        Assert.Equal([(0L, 6L), (6L, 14L)], joiner.Runs.Select(run => (run.Offset, run.EndOffset)));
        Assert.Equal(14, joiner.Runs[^1].At(end, joiner.Bytes));
        Assert.True(records.TryNext(out var record));
        Assert.Equal((1, 1), (record.Length, record.Lines));
        Assert.False(records.TryNext(out _));
        joiner.Hold(second, records, 0);
        var (run, bytes) = Assert.Single(joiner.TakeHeld());
        Assert.Equal((18L, 22L, 0), (run.Offset, run.EndOffset, run.Lead));
        Assert.Equal("c\n"u8, bytes);
    }

    [Fact]
    public void Held_line_without_newline_is_not_cut_where_its_text_is_shorter_than_the_input()
    {
        var joiner = new RecordJoiner(new IndentParser.IndentJoin(), 100);
        joiner.Add(new(new() { Bytes = "ab"u8, Covered = 6, Lead = 2, IsDecoded = true }, new(null, "a", 0, new ContentHead(0)), 0), 0);
        var (run, bytes) = Assert.Single(joiner.TakeHeld());
        var lines = run.Lines(bytes).Lines;
        Assert.Equal((0, 6, 2, true), (lines.Left, lines.Covered, lines.Lead, lines.IsDecoded));
    }

    static List<string> Joined(IEnumerable<string> lines)
    {
        var rule = new IndentParser.IndentJoin();
        var records = new List<StringBuilder>();
        var open = new StringBuilder?[4];
        foreach (var line in lines)
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var channel = rule.Channel(bytes);
            if (rule.Continues(bytes) && open[channel] is { } record)
            {
                record.Append('\n').Append(line);
            }
            else
            {
                open[channel] = new(line);
                records.Add(open[channel]!);
            }

            open[channel] = rule.IsComplete ? null : open[channel];
        }

        return records.ConvertAll(record => record.ToString());
    }

    /// <summary>A joiner that is given runs of lines.</summary>
    sealed class Played(int most, bool interleaves = true)
    {
        readonly SourceContent _content = new("file:1:2", "/a", 0, new ContentHead(0));

        public RecordJoiner Joiner { get; } = new(new IndentParser.IndentJoin(interleaves), most);

        /// <summary>True where records are taken from runs as they stand in them.</summary>
        public bool TakesRuns { get; init; }

        public List<string> Records { get; } = [];

        public string Text { get; private set; } = "";

        public long Position { get; private set; }

        public int MostHeld { get; private set; }

        /// <param name="cuts">How many lines each run has; one where these do not say.</param>
        public void Feed(List<string> lines, List<int> cuts)
        {
            var at = 0;
            for (var run = 0; at < lines.Count; run++)
            {
                var count = Math.Min(lines.Count - at, 1 + (run < cuts.Count ? cuts[run] : 0));
                var text = string.Concat(lines.GetRange(at, count).Select(line => line + "\n"));
                var bytes = Encoding.UTF8.GetBytes(text);
                var lineRun = new LineRun(new FramedLines { Bytes = bytes, Covered = bytes.Length }, _content, Text.Length);
                if (TakesRuns)
                {
                    TakeRun(lineRun);
                }
                else
                {
                    Joiner.Add(lineRun, 0);
                }

                MostHeld = Math.Max(MostHeld, Joiner.Bytes.Length - bytes.Length);
                Text += text;
                at += count;
                Take();
            }
        }

        void TakeRun(in LineRun run)
        {
            var records = Joiner.Begin(run, 0);
            Take();
            while (records.TryNext(out var record))
            {
                Records.Add(Encoding.UTF8.GetString(run.Lines.Bytes.Slice(record.Start, record.Length)));
                Position = run.Offset + records.Start;
            }

            Joiner.Hold(run, records, 0);
        }

        public void Take()
        {
            while (Joiner.TryTake(out var records, out var end))
            {
                foreach (var record in records)
                {
                    var pieces = new List<string>();
                    foreach (var (start, pieceEnd) in record.Pieces)
                    {
                        pieces.Add(Encoding.UTF8.GetString(Joiner.Bytes[start..pieceEnd]));
                    }

                    Records.Add(string.Join('\n', pieces));
                }

                foreach (var run in Joiner.Runs)
                {
                    if (run.Start < end)
                    {
                        Position = Math.Max(Position, run.At(Math.Min(end, run.End), Joiner.Bytes));
                    }
                }
            }
        }
    }
}
