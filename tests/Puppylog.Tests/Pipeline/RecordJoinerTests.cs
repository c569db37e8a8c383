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
    sealed class Played(int most)
    {
        readonly SourceContent _content = new("file:1:2", "/a", 0, new ContentHead(0));

        public RecordJoiner Joiner { get; } = new(new IndentParser.IndentJoin(), most);

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
                Joiner.Add(new LineRun(new FramedLines { Bytes = bytes, Covered = bytes.Length }, _content, Text.Length), 0);
                MostHeld = Math.Max(MostHeld, Joiner.Bytes.Length - bytes.Length);
                Text += text;
                at += count;
                Take();
            }
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
