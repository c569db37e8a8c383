using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Filters;

public sealed class FilterPropertyTests
{
    static readonly string[] Fields = ["_msg", "n", "f"];

    [Fact]
    public void Filter_over_any_vector_equals_its_plain_meaning() => ForAllSeeds(700, random =>
    {
        var count = random.Next(1, 200);
        var constant = OracleFilter.Value(random);
        var records = Enumerable.Range(0, count).Select(row => Record(random, constant)).ToArray();
        var filter = OracleFilter.Random(random, Fields, 3);
        var parsed = QueryParser.Parse(filter.Query, 0).Filter;
        Assert.Equal(parsed.ToString(), QueryParser.Parse(parsed.ToString(), 0).Filter.ToString());
        var start = new RowBitmap(count);
        for (var row = 0; row < count; row++)
        {
            start[row] = random.Next(10) > 0;
        }

        var expected = Enumerable.Range(0, count).Where(row => start[row] && filter.Matches(records[row])).ToArray();
        foreach (var shape in Enum.GetValues<VectorView.Shape>())
        {
            var view = new VectorView(count);
            foreach (var field in Fields)
            {
                view.With(field, VectorView.Vector([.. records.Select(record => record.TryGetValue(field, out var value) ? Encoding.UTF8.GetBytes(value) : null)], shape));
            }

            var rows = start.Clone();
            parsed.Apply(view, rows);
            Assert.True(expected.SequenceEqual(rows.ToRows()), $"{shape}: {filter.Query}\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', rows.ToRows())}");
            Assert.True(expected.Length == 0 || parsed.MayMatch(view), $"{shape}: {filter.Query} may not match");
        }
    });

    [Theory]
    [InlineData("{h|-} {n|-} [{_time:clf}] \"{f} {g}\" {n|-}")]
    [InlineData("{f}{g} {h}")]
    [InlineData("{f} x{g}")]
    [InlineData("{f}é{h}")]
    [InlineData("{f}")]
    [InlineData("{h} {f|-}--{g}/")]
    [InlineData("{{\"t\":\"{_time:YYYY-MM-DDThh:mm:ss.fffZ}\",\"m\":\"{f:json}\",\"g\":\"{g:json.net}\",\"n\":{n}}")]
    [InlineData("{_time:s} {h:json.as}{f:json.h}")]
    public void Filter_over_derived_lines_equals_that_over_the_lines_as_text(string template) => ForAllSeeds(200, random =>
    {
        var count = random.Next(1, 150);
        var names = new[] { "h", "n", "f", "g" };
        var columns = names.ToDictionary(
            name => name,
            name => random.Next(8) == 0 ? null : random.Next(5) == 0 ? RandomTemplates.Next(random, count) : VectorView.Vector([.. Enumerable.Range(0, count).Select(row => Bytes(random, name == "n"))], RandomShape(random)));
        var seconds = random.Next(3) switch { 0 => 50, 1 => 5000, _ => 86_400 };
        var times = Enumerable.Range(0, count).Select(row => (971_212_536L + random.Next(seconds)) * Timestamps.Second).ToArray();
        var zones = random.Next(2) == 0 ? 1 : 4;
        var zone = VectorView.Vector(
            [.. Enumerable.Range(0, count).Select(row => Encoding.ASCII.GetBytes(random.Next(zones) switch { 0 => "+0200", 1 => "-0700", 2 => "+02001", _ => "" }))],
            zones == 1 ? VectorView.Shape.Constant : RandomShape(random));
        var timeColumn = new TimestampVector(count, times);
        var parts = LineTemplate.Parse(template).Parts.Select(part => part.Kind switch
        {
            TemplatePartKind.Literal => new LineVector.PartSource(part.Kind, Encoding.UTF8.GetBytes(part.Text), null, null),
            TemplatePartKind.ClfTime => new(part.Kind, [], timeColumn, zone),
            TemplatePartKind.Time => new(TemplatePartKind.Field, [], new WrittenTimeVector(timeColumn, part.Time!), null),
            TemplatePartKind.EscapedField => new(TemplatePartKind.Field, [], columns[part.Text] is { } values ? EscapedVector.Of(values, part.Escapes!) : null, null),
            _ => new(part.Kind, [], columns[part.Text], null),
        }).ToArray();
        var templates = Enumerable.Range(0, count).Select(row => (byte)(random.Next(5) == 0 ? 0 : 1)).ToArray();
        var verbatim = (TextVector)VectorView.Vector([.. Enumerable.Range(0, count).Select(row => templates[row] == 0 ? Bytes(random, false) : null)], VectorView.Shape.Text);
        var line = new LineVector(count, templates, [parts], verbatim);
        var text = VectorView.Vector([.. Enumerable.Range(0, count).Select(row => line.IsPresent(row) ? line.Value(row).ToArray() : null)], VectorView.Shape.Text);
        for (var i = 0; i < 10; i++)
        {
            var query = random.Next(5) == 0 ? Words[random.Next(Words.Length)] : OracleFilter.Random(random, ["_msg"], 1).Query;
            var filter = QueryParser.Parse(query, 0).Filter;
            var (expected, found) = (RowBitmap.All(count), RowBitmap.All(count));
            filter.Apply(new VectorView(count).With("_msg", text), expected);
            var lines = new VectorView(count).With("_msg", line);
            filter.Apply(lines, found);
            Assert.True(expected.IsEmpty() || filter.MayMatch(lines), $"{query} may not match");
            Assert.True(expected.ToRows().SequenceEqual(found.ToRows()), $"{query}\nexpected {string.Join(' ', expected.ToRows())}\nfound    {string.Join(' ', found.ToRows())}");
        }
    });

    [Fact]
    public void Filter_over_text_of_templates_equals_that_over_the_text() => ForAllSeeds(400, random =>
    {
        var count = random.Next(1, 150);
        var templates = RandomTemplates.Next(random, count);
        var text = VectorView.Vector([.. Enumerable.Range(0, count).Select(row => templates.IsPresent(row) ? templates.Value(row).ToArray() : null)], VectorView.Shape.Text);
        for (var i = 0; i < 10; i++)
        {
            var query = random.Next(5) == 0 ? Words[random.Next(Words.Length)] : OracleFilter.Random(random, ["_msg"], 1).Query;
            var filter = QueryParser.Parse(query, 0).Filter;
            var (expected, found) = (RowBitmap.All(count), RowBitmap.All(count));
            filter.Apply(new VectorView(count).With("_msg", text), expected);
            filter.Apply(new VectorView(count).With("_msg", templates), found);
            Assert.True(expected.ToRows().SequenceEqual(found.ToRows()), $"{query}\nexpected {string.Join(' ', expected.ToRows())}\nfound    {string.Join(' ', found.ToRows())}");
        }
    });

    static readonly string[] Words =
        ["10", "Oct", "i(oct)", "2000", "20", "2001", "0200", "\"+0200\"", "\"-0700]\"", "07*", "*ct*", "\"10/Oct\"", "500", "\"500 \"", "i(OCT*)", "\"- -\"", "*\"-\"*", "*\" \"*", "~\" [0-9-]+ ?$\"", "~\"2000:[01][0-9]:\"", "\":13:5\"", "~\"a.*12\"", "~\"^[^ ]+ \"", "~\"[ab] \\\\[.*5\""];

    [Fact]
    public void Any_text_parses_or_is_refused_with_a_place() => ForAllSeeds(2000, random =>
    {
        var query = Mutate(random, random.Next(2) == 0 ? OracleFilter.Random(random, Fields, 3).Query : Samples[random.Next(Samples.Length)]);
        try
        {
            var print = QueryParser.Parse(query, 0).ToString();
            Assert.Equal(print, QueryParser.Parse(print, 0).ToString());
        }
        catch (LogsqlException error)
        {
            Assert.InRange(error.Position, 0, query.Length);
        }
    });

    static readonly string[] Samples =
    [
        "_time:[2026-11-21, 2026-11-22T10:00) offset 5m", "_time:day_range[08:00, 18:00) a", "{a=\"b\", c!~'d|e' or f in (g, h)}", "a:range(1, 10s]",
        "_time:>=2026-11-21T14:00:05.123+01:00", "x:ipv4_range(10.0.0.0/8)", "i(foo*) or seq(a, b)", "a:len_range(5, inf) b!=c d>=10KiB e~\"f\"", "\\u12 'a\\x4'",
    ];

    static string Mutate(Random random, string query)
    {
        const string Alphabet = "ab 1()[]{}|,:=!<>~*-\"'`\\#./é\u0000\ud800_and or not _time:5m";
        var text = new StringBuilder(query);
        for (var changes = random.Next(6); changes > 0 && text.Length > 0; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0: text.Remove(at, 1); break;
                case 1: text.Insert(at, Alphabet[random.Next(Alphabet.Length)]); break;
                default: text.Insert(at, query[random.Next(query.Length)..]); break;
            }
        }

        return text.ToString();
    }

    static Dictionary<string, string> Record(Random random, string constant)
    {
        var record = new Dictionary<string, string> { ["f"] = constant };
        if (random.Next(5) > 0)
        {
            record["_msg"] = OracleFilter.Value(random);
        }

        if (random.Next(5) > 0)
        {
            record["n"] = random.Next(-15, 15).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return record;
    }

    /// <summary>A value, sometimes no UTF-8, sometimes absent.</summary>
    static byte[]? Bytes(Random random, bool isNumber)
    {
        if (random.Next(6) == 0)
        {
            return null;
        }

        if (isNumber)
        {
            return Encoding.ASCII.GetBytes(random.Next(-600, 600).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var bytes = Encoding.UTF8.GetBytes(OracleFilter.Value(random));
        if (bytes.Length > 0 && random.Next(5) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    static VectorView.Shape RandomShape(Random random) => (VectorView.Shape)random.Next(7);

    static void ForAllSeeds(int count, Action<Random> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            check(new Random(seed));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
