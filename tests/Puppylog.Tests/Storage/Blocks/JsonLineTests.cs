using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class JsonLineTests
{
    [Fact]
    public void Random_lines_come_back_byte_for_byte_and_with_the_fields_that_were_read() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var source = new JsonLines(random);
            var parser = LineParsers.Create("json", random.Next(5) == 0);
            var batch = new RecordBatch(parser.Shape);
            for (var round = 0; round < 2; round++)
            {
                batch.Reset(parser.Shape);
                parser.Bind(batch);
                Check(batch, Parse(parser, batch, Enumerable.Range(0, random.Next(1, 300)).Select(_ => source.Next())), random);
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>Lines of any form must be read as if no other had come before.</summary>
    [Fact]
    public void Line_of_a_known_form_is_read_as_one_that_is_new() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var source = new JsonLines(new Random(seed));
            var parser = LineParsers.Create("json", false);
            var batch = new RecordBatch(parser.Shape);
            parser.Bind(batch);
            for (var i = 0; i < 200; i++)
            {
                var line = source.Next();
                var other = LineParsers.Create("json", false);
                var alone = new RecordBatch(parser.Shape);
                other.Bind(alone);
                var accepted = other.TryParse(alone.Append(line), out var expected);
                Assert.Equal(accepted, parser.TryParse(batch.Append(line), out var reason));
                Assert.Equal(expected, reason);
                if (!accepted)
                {
                    continue;
                }

                var row = batch.Count - 1;
                Assert.Equal(alone.Times[0], batch.Times[row]);
                Assert.True(alone.Value(alone.Messages[0]).SequenceEqual(batch.Value(batch.Messages[row])));
                Assert.Equal(Fields(alone, 0), Fields(batch, row));
            }
        }).QuickCheckThrowOnFailure();

    static Dictionary<string, string> Fields(RecordBatch batch, int row) => batch.Columns
        .Where(column => !column.Span(row).IsAbsent && column.Name != FieldNames.LineTime)
        .ToDictionary(column => column.Name, column => $"{Encoding.Latin1.GetString(batch.Value(column.Span(row)))}:{column.Kind(row)}");

    static List<byte[]> Parse(LineParser parser, RecordBatch batch, IEnumerable<byte[]> lines)
    {
        parser.ReadTime = 1_800_000_000_123_456_789;
        var accepted = new List<byte[]>();
        foreach (var line in lines)
        {
            if (parser.TryParse(batch.Append(line), out _))
            {
                accepted.Add(line);
            }
        }

        return accepted;
    }

    static void Check(RecordBatch batch, List<byte[]> lines, Random random)
    {
        Assert.Equal(lines.Count, batch.Count);
        int[] rows = [.. Enumerable.Range(0, batch.Count)];
        random.Shuffle(rows);
        rows = rows[..random.Next(rows.Length + 1)];
        if (rows.Length == 0)
        {
            return;
        }

        var view = BlockReader.Open(new MemoryBlockBytes(new BlockEncoder().Encode(batch, rows).Body));
        var direct = new BatchView(batch);
        var raw = view.Column(FieldNames.Raw)!;
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.True(raw.Value(i).SequenceEqual(lines[rows[i]]), Encoding.Latin1.GetString(lines[rows[i]]));
        }

        foreach (var name in direct.FieldNames.Append(FieldNames.Time))
        {
            var (stored, given) = (view.Column(name), direct.Column(name)!);
            for (var i = 0; i < rows.Length; i++)
            {
                Assert.Equal(given.IsPresent(rows[i]), stored?.IsPresent(i) ?? false);
                Assert.True(given.Value(rows[i]).SequenceEqual(stored is null ? default : stored.Value(i)), name);
            }
        }

        foreach (var field in new[] { FieldNames.Raw, FieldNames.Message })
        {
            var column = view.Column(field)!;
            for (var row = 0; row < rows.Length; row++)
            {
                var value = column.Value(row).ToArray();
                var at = 0;
                while (Words.TryNext(value, ref at, out var word))
                {
                    Assert.True(view.MayContainWord(field, word), $"{Encoding.UTF8.GetString(word)} in {Encoding.UTF8.GetString(value)}");
                }
            }
        }
    }

    /// <summary>Not only that lines come back: that they are not kept.</summary>
    [Theory]
    [InlineData("""{"time":"2026-11-21T14:00:05.{0:D3}Z","level":"info","msg":"hello {0}","trace_id":"0af7651916cd43dd{0:x16}","n":{0},"f":{0}.50,"ok":true,"x":null}""")]
    [InlineData("""{"time":"2026-11-21T14:00:05.{0:D3}Z","data":{"user":{"id":{0},"tags":["a",{0}],"none":{},"empty":""},"a":[]},"message":"m"}""")]
    [InlineData("""{"log":"line {0} of stdout\n","stream":"stdout","time":"2026-11-21T14:00:05.{0:D9}Z"}""")]
    [InlineData("""{ "ts" : 1795269605.{0:D3}, "caller": "main.go:{0}" , "msg": "caf\u00e9 {0}" }""")]
    [InlineData("""{"timestamp":1795269605{0:D3},"msg":"<b>{0}</b>"}""")]
    [InlineData("""{"ts":1795269605,"n":{0}}""")]
    [InlineData("""{"@t":"2026-11-21T14:00:05.{0:D7}+01:00","@mt":"Hi {Name}\u0027","Name":"\u00E9{0}"}""")]
    [InlineData("""{"time":"2026-11-21 14:00:05,{0:D3}","path":"\/a\/b{0}"}""")]
    [InlineData("""{"_stream":"{app=\"x\"}","_stream_id":"{0}","_time":"2026-11-21T14:00:05Z","_msg":"m {0}"}""")]
    [InlineData("""{"time":"10/Oct/2000:13:55:36 -0700","n":{0}}""")]
    [InlineData("{\"a\":{0}}\r")]
    [InlineData("""{"a":"\u001b[0m{0}"}""")]
    public void Lines_of_usual_loggers_are_derived(string pattern)
    {
        foreach (var now in new[] { false, true })
        {
            var parser = LineParsers.Create("json", now);
            var batch = new RecordBatch(parser.Shape);
            parser.Bind(batch);
            var lines = Parse(parser, batch, Enumerable.Range(0, 500).Select(i => Encoding.UTF8.GetBytes(Fill(pattern, i * 2))));
            Assert.Equal(500, lines.Count);
            var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
            var raw = Assert.IsType<LineVector>(view.Column(FieldNames.Raw));
            Assert.DoesNotContain((byte)0, raw.Templates);
            Assert.Null(raw.Verbatim);
            Assert.InRange(raw.Parts.Length, 1, 2);
            Assert.InRange(view.Entries.Single(entry => entry.Name == FieldNames.Raw).Place.Length, 1, 1000);
            for (var i = 0; i < lines.Count; i++)
            {
                Assert.Equal(Encoding.UTF8.GetString(lines[i]), Encoding.UTF8.GetString(raw.Value(i)));
            }
        }
    }

    static string Fill(string pattern, int number) => System.Text.RegularExpressions.Regex.Replace(
        pattern, @"\{0(:[^}]*)?\}", match => number.ToString(match.Groups[1].Value.TrimStart(':'), System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a.b":1,"a":{"b":2}}""")]
    [InlineData("""{"time":"2026-11-21T14:00:60Z","time":"2026-11-21T14:00:60Z"}""")]
    [InlineData("""{"a":"\ud83d"}""")]
    [InlineData("""{"a":"\u0061"}""")]
    [InlineData("""{"br}ace":1}""")]
    [InlineData("""{"x|-":"1"}""")]
    public void Lines_that_their_fields_do_not_give_are_kept(string line)
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        Parse(parser, batch, Enumerable.Repeat(Encoding.UTF8.GetBytes(line), 3));
        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        Assert.Equal(ColumnEncoding.Constant, view.Entries.Single(entry => entry.Name == FieldNames.Raw).Encoding);
        Assert.Equal(line, Encoding.UTF8.GetString(view.Column(FieldNames.Raw)!.Value(2)));
    }

    [Fact]
    public void Lines_of_more_forms_than_a_batch_can_name_are_made_of_members()
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var lines = Parse(parser, batch, Enumerable.Range(0, 3000).Select(i => Encoding.UTF8.GetBytes(
            "{" + string.Join(',', Enumerable.Range(0, 9).Where(bit => (i >> bit & 1) != 0).Select(bit => $"\"k{bit}\":{i}").Append("\"end\":1")) + "}")));
        var raw = Assert.IsType<AssembledVector>(BlockRoundTripTests.RoundTrip(batch).Column(FieldNames.Raw));
        Assert.Equal(255, raw.Others.Parts.Length);
        Assert.Null(raw.Others.Verbatim);
        Assert.Contains((byte)0, raw.Others.Templates);
        Assert.Equal(lines.Select(Encoding.UTF8.GetString), Enumerable.Range(0, 3000).Select(i => Encoding.UTF8.GetString(raw.Value(i))));
    }

    /// <summary>Messages that are the whole line are not stored beside it, and lines are not stored beside their messages.</summary>
    [Fact]
    public void Lines_with_and_without_a_message_share_a_block()
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var lines = Parse(parser, batch, Enumerable.Range(0, 2000).Select(i => Encoding.UTF8.GetBytes(
            i % 3 == 0 ? $$"""{"a":"x{{i * 7919 % 1000}}","n":{{i}}}""" : $$"""{"msg":"{{(i % 7 == 0 ? "" : $"m {i}")}}","a":"y"}""")));
        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        var raw = Assert.IsType<LineVector>(view.Column(FieldNames.Raw));
        Assert.DoesNotContain((byte)0, raw.Templates);
        var message = Assert.IsType<EitherVector>(view.Column(FieldNames.Message));
        Assert.Equal(["_msg", "a", "n"], view.FieldNames.Order(StringComparer.Ordinal));
        for (var i = 0; i < lines.Count; i++)
        {
            var line = Encoding.UTF8.GetString(lines[i]);
            Assert.Equal(line, Encoding.UTF8.GetString(raw.Value(i)));
            Assert.Equal(i % 3 == 0 ? line : i % 7 == 0 ? "" : $"m {i}", Encoding.UTF8.GetString(message.Value(i)));
        }
    }

    /// <summary>What a filter finds in derived lines is what it finds in the lines that were read.</summary>
    [Fact]
    public void Queries_find_in_derived_lines_what_is_in_the_lines() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var source = new JsonLines(random);
            var parser = LineParsers.Create("json", false);
            var batch = new RecordBatch(parser.Shape);
            parser.Bind(batch);
            var lines = Parse(parser, batch, Enumerable.Range(0, 150).Select(_ => source.Next()));
            if (lines.Count == 0)
            {
                return;
            }

            var (stored, direct) = (BlockRoundTripTests.RoundTrip(batch), new BatchView(batch));
            for (var i = 0; i < 20; i++)
            {
                var line = Encoding.UTF8.GetString(lines[random.Next(lines.Count)]);
                var start = random.Next(line.Length);
                var text = Quoting.Always(line.Substring(start, random.Next(1, Math.Min(12, line.Length - start) + 1)));
                var query = QueryParser.Parse($"{(random.Next(2) == 0 ? "_raw:" : "")}{(random.Next(4) == 0 ? "~" + Quoting.Always(System.Text.RegularExpressions.Regex.Escape(text.Trim('"'))) : text)}", 0);
                var (found, expected) = (RowBitmap.All(batch.Count), RowBitmap.All(batch.Count));
                query.Filter.Apply(direct, expected);
                query.Filter.Apply(stored, found);
                Assert.Equal(Enumerable.Range(0, batch.Count).Where(row => expected[row]), Enumerable.Range(0, batch.Count).Where(row => found[row]));
                Assert.True(expected.IsEmpty() || query.Filter.MayMatch(stored), query.ToString());
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>What compaction does: blocks become records of one batch again, and that another block.</summary>
    [Fact]
    public void Blocks_that_are_joined_give_the_same_lines_and_fields() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var source = new JsonLines(new Random(seed));
            var parser = LineParsers.Create("json", false);
            var joined = new RecordBatch(parser.Shape);
            var views = new List<RecordView>();
            for (var block = 0; block < 3; block++)
            {
                var batch = new RecordBatch(parser.Shape);
                parser.Bind(batch);
                if (Parse(parser, batch, Enumerable.Range(0, 100).Select(_ => source.Next())).Count > 0)
                {
                    views.Add(BlockRoundTripTests.RoundTrip(batch));
                    BlockRows.CopyTo(joined, (BlockView)views[^1], 0, batch.Count);
                }
            }

            if (joined.Count == 0)
            {
                return;
            }

            var whole = BlockRoundTripTests.RoundTrip(joined);
            if (views.Append(whole).All(view => view.Column(FieldNames.Raw) is not AssembledVector))
            {
                Assert.Equal(views.Sum(view => Kept(view)), Kept(whole));
            }

            var at = 0;
            foreach (var view in views)
            {
                foreach (var name in whole.FieldNames.Append(FieldNames.Raw))
                {
                    var (all, part) = (whole.Column(name)!, view.Column(name));
                    for (var row = 0; row < view.Count; row++)
                    {
                        Assert.Equal(part?.IsPresent(row) ?? false, all.IsPresent(at + row));
                        Assert.True(all.Value(at + row).SequenceEqual(part is null ? default : part.Value(row)), name);
                    }
                }

                at += view.Count;
            }

            static int Kept(RecordView view) => view.Column(FieldNames.Raw) is LineVector lines ? lines.Templates.Count(number => number == 0) : view.Count;
        }).QuickCheckThrowOnFailure();

    /// <summary>A null is no field, and the line still has it.</summary>
    [Fact]
    public void Null_is_an_absent_field_of_a_line_that_keeps_it()
    {
        const string line = """{"a":null,"b":"null","level":null,"time":null,"msg":null}""";
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        Parse(parser, batch, Enumerable.Repeat(Encoding.UTF8.GetBytes(line), 5));
        var view = BlockRoundTripTests.RoundTrip(batch);
        Assert.Equal(["_msg", "b"], view.FieldNames);
        Assert.Equal(line, Encoding.UTF8.GetString(view.Column(FieldNames.Raw)!.Value(4)));
    }

    [Fact]
    public void Damaged_blocks_of_derived_lines_throw_nothing_but_corrupt_data()
    {
        var random = new Random(11);
        var source = new JsonLines(random);
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        Parse(parser, batch, Enumerable.Range(0, 15).Select(_ => source.Next()));
        var body = new BlockEncoder().Encode(batch, BatchBuilder.AllRows(batch)).Body.ToArray();
        var entry = ((BlockView)BlockReader.Open(new MemoryBlockBytes(body))).Entries.Single(e => e.Name == FieldNames.Raw);
        Assert.Equal(ColumnEncoding.LearnedLine, entry.Encoding);
        var chunk = body.AsSpan(body.Length - ChunksLength(body) + entry.Place.Offset, entry.Place.Length).ToArray();
        for (var i = 0; i < 3000; i++)
        {
            var damaged = chunk.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, random.Next(2) == 0 ? 64 : damaged.Length))] = (byte)random.Next(256);
            }

            try
            {
                var reader = new Puppylog.Storage.Embedded.Bytes.ByteReader(damaged.AsSpan(0, random.Next(3) == 0 ? random.Next(damaged.Length) : damaged.Length));
                var templates = LineEncoding.ReadTemplates(ref reader);
                var times = new TimestampVector(batch.Count, batch.TimeArray);
                var text = new ConstantVector(batch.Count, "x\n"u8.ToArray());
                var lines = LineEncoding.Read(ref reader, batch.Count, number => [.. templates[number].Parts.Select(part => new LineVector.PartSource(
                    TemplatePartKind.Field, [], part.Time is { } form ? new WrittenTimeVector(times, form) : part.Escapes is { } escapes ? EscapedVector.Of(text, escapes) : text, null))], templates.Length);
                for (var row = 0; row < batch.Count; row++)
                {
                    lines.Value(row);
                }
            }
            catch (CorruptDataException)
            {
            }
        }
    }

    static int ChunksLength(byte[] body) => body.Length - BlockFormat.HeaderLength - BitConverter.ToInt32(body, 8);
}
