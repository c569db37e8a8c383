using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

public sealed class AccessLogParserTests
{
    const string Arrow = " ⇶ ";

    static readonly string[] Table = File.ReadAllLines(System.IO.Path.Combine(AppContext.BaseDirectory, "Parsing", "AccessLogTable.txt"));

    [Fact]
    public void Lines_become_the_fields_and_the_template_of_the_table()
    {
        Assert.InRange(Table.Length, 95, int.MaxValue);
        foreach (var row in Table)
        {
            var parts = row.Split(Arrow);
            Assert.True(parts.Length == 2, $"not a row of the table: {row}");
            var line = parts[0].Replace("<CR>", "\r", StringComparison.Ordinal);
            var parsed = ParsedRecord.Parse(LineParsers.Create("combined", false), line);
            Assert.Equal($"{parts[0]}{Arrow}{parts[1]}", $"{parts[0]}{Arrow}{parsed.Describe()}");
            AssertWhole(parsed, line);

            var replaced = ParsedRecord.Parse(LineParsers.Create("clf", true), line);
            Assert.Equal(parsed.Accepted, replaced.Accepted);
            Assert.Equal(parsed.Fields, replaced.Fields);
            AssertWhole(replaced, line);
            if (replaced.Accepted)
            {
                Assert.Equal(Timestamps.ToRfc3339(ParsedRecord.ReadTime), replaced.Time);
                Assert.Equal(26, replaced.LineTime!.Length);
                Assert.Null(replaced.Zone);
            }
        }
    }

    static void AssertWhole(ParsedRecord parsed, string line)
    {
        if (!parsed.Accepted)
        {
            return;
        }

        Assert.Equal(line, parsed.Raw);
        Assert.Equal(line, parsed.Message);
        Assert.Equal(parsed.Fields.ContainsKey(FieldNames.Route), parsed.Fields.ContainsKey(FieldNames.Section));
        if (parsed.Template > 0)
        {
            Assert.Equal(line, parsed.Composed);
        }
    }

    [Theory]
    [InlineData("+0200", "2000-10-10T11:55:36Z")]
    [InlineData("-0730", "2000-10-10T21:25:36Z")]
    [InlineData("-0000", "2000-10-10T13:55:36Z")]
    public void Time_counts_its_zone_and_keeps_it(string zone, string expected)
    {
        var parsed = ParsedRecord.Parse(LineParsers.Create("clf", false), $"h - - [10/Oct/2000:13:55:36 {zone}] \"GET / HTTP/1.1\" 200 5");
        Assert.Equal(expected, parsed.Time);
        Assert.Equal(zone, parsed.Zone);
        Assert.Null(parsed.LineTime);
    }

    [Fact]
    public void Leap_second_keeps_its_text()
    {
        var parsed = ParsedRecord.Parse(LineParsers.Create("clf", false), "h - - [31/Dec/2016:23:59:60 +0000] \"GET / HTTP/1.1\" 200 5");
        Assert.Equal("2017-01-01T00:00:00Z", parsed.Time);
        Assert.Equal("31/Dec/2016:23:59:60 +0000", parsed.LineTime);
        Assert.Equal(parsed.Raw, parsed.Composed);
    }

    [Fact]
    public void Path_and_section_come_from_the_route()
    {
        var parsed = ParsedRecord.Parse(LineParsers.Create("clf", false), "h - - [10/Oct/2000:13:55:36 +0000] \"GET /pages/create?x=/1 HTTP/1.1\" 200 5");
        Assert.Equal("/pages/create?x=/1", parsed.Fields["route"]);
        Assert.Equal("/pages/create", parsed.Fields["path"]);
        Assert.Equal("/pages", parsed.Fields["section"]);
    }

    [Fact]
    public void Time_of_zero_bytes_is_none() =>
        Assert.False(ParsedRecord.Parse(LineParsers.Create("clf", false), $"h - - [{new string('\0', 26)}] \"GET / HTTP/1.1\" 200 5").Accepted);

    [Fact]
    public void Real_log_has_one_line_that_does_not_match_and_the_others_are_derived()
    {
        var bytes = File.ReadAllBytes(SharedData.Require("apache_access.log"));
        var parser = LineParsers.Create("combined", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        batch.Append(bytes);
        var number = 0;
        var rejected = new List<string>();
        var at = 0;
        while (at < bytes.Length)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            number++;
            if (!parser.TryParse(new(at, length), out var reason))
            {
                rejected.Add($"{number}: {reason}");
            }

            at += length + 1;
        }

        Assert.Equal(["8899: the quoted user agent is not closed"], rejected);
        Assert.Equal(9999, batch.Count);
        var lines = ParsedRecord.Compose(batch, new BatchView(batch));
        for (var row = 0; row < batch.Count; row++)
        {
            if (batch.Templates[row] > 0)
            {
                Assert.True(batch.Value(batch.Lines[row]).SequenceEqual(lines.Value(row)));
            }
        }

        Assert.InRange(batch.Templates.Count((byte)0), 0, 20);
    }

    [Fact]
    public void Lines_made_of_any_fields_come_back_from_their_template()
    {
        var word = Text("abcXYZ019./:-_@é", 1, 12);
        var quoted = Text("abc XYZ019/:;()[]\\\"=é", 0, 20).Select(Escape);
        var dashable = Gen.OneOf(Gen.Constant("-"), word);
        var request = Gen.OneOf(
            from method in Text("GETPOSThead!-", 1, 6) from route in word from protocol in word select $"{method} {route} {protocol}",
            from route in word select $"GET /{route}",
            quoted,
            Gen.Constant("-"));
        var time = from seconds in Gen.Choose(0, int.MaxValue)
                   from zone in Gen.Elements("+0000", "-0700", "+0545", "-0000", "+1400")
                   select Clf(seconds, zone);
        var status = Gen.OneOf(Gen.Constant("-"), Gen.Choose(100, 999).Select(Invariant));
        var size = Gen.OneOf(Gen.Constant("-"), Gen.Choose(0, int.MaxValue).Select(Invariant));
        var end = Gen.OneOf(Gen.Constant(""), from referrer in quoted from agent in quoted select $" \"{referrer}\" \"{agent}\"");
        var duration = Gen.Elements("", " -", " 0.001", " 17", " 12345678901234567890.5");
        var line = from h in word
                   from i in dashable
                   from u in dashable
                   from t in time
                   from r in request
                   from s in status
                   from b in size
                   from e in end
                   from d in duration
                   select $"{h} {i} {u} [{t}] \"{r}\" {s} {b}{e}{d}";
        Prop.ForAll(line.ToArbitrary(), text =>
        {
            var parsed = ParsedRecord.Parse(LineParsers.Create("combined", false), text);
            Assert.True(parsed.Accepted, $"{text}: {parsed.Reason}");
            AssertWhole(parsed, text);
            // Only what is escaped keeps its line; everything else must be derived.
            Assert.True(parsed.Template > 0 || text.Contains('\\', StringComparison.Ordinal), text);
        }).QuickCheckThrowOnFailure();
    }

    static Gen<string> Text(string alphabet, int least, int most) =>
        from length in Gen.Choose(least, most)
        from letters in Gen.ArrayOf(Gen.Elements(alphabet.ToCharArray()), length)
        select new string(letters);

    static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    static string Clf(long seconds, string zone)
    {
        var text = new byte[Timestamps.ClfLength];
        Timestamps.FormatClf(seconds * Timestamps.Second, Encoding.ASCII.GetBytes(zone), text);
        return Encoding.ASCII.GetString(text);
    }
}
