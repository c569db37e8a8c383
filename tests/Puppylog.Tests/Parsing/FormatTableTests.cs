using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Tests.Storage.Blocks;

namespace Puppylog.Tests.Parsing;

public sealed class FormatTableTests
{
    public static TheoryData<string> Tables => [.. FormatTable.Names];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Lines_become_the_records_of_their_table(string name)
    {
        var table = FormatTable.Read(name);
        Assert.InRange(table.Rows.Count, 20, int.MaxValue);
        var actual = new StringBuilder();
        var expected = new StringBuilder();
        foreach (var (line, record) in table.Rows)
        {
            var bytes = FormatTable.Bytes(line);
            var parsed = ParsedRecord.Parse(table.CreateParser(false), bytes);
            actual.Append(line).Append("\n  ⇶ ").AppendLine(FormatTable.Describe(bytes, parsed));
            expected.Append(line).Append("\n  ⇶ ").AppendLine(record);
            AssertWhole(parsed, bytes);
        }

        if (Environment.GetEnvironmentVariable("FILL") is { } fill)
        {
            File.WriteAllText(Path.Combine(fill, name + ".txt"), actual.ToString());
        }

        Assert.Equal(expected.ToString(), actual.ToString());
    }

    static void AssertWhole(ParsedRecord parsed, byte[] line)
    {
        if (parsed.Accepted)
        {
            Assert.Equal(Encoding.Latin1.GetString(line), parsed.Raw);
        }

        if (parsed.Template > 0)
        {
            Assert.Equal(Encoding.Latin1.GetString(line), parsed.Composed);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Times_of_reading_replace_those_of_the_lines(string name)
    {
        var table = FormatTable.Read(name);
        foreach (var (line, _) in table.Rows)
        {
            var bytes = FormatTable.Bytes(line);
            var parsed = ParsedRecord.Parse(table.CreateParser(false), bytes);
            var replaced = ParsedRecord.Parse(table.CreateParser(true), bytes);
            Assert.Equal(parsed.Accepted, replaced.Accepted);
            Assert.Equal(parsed.Fields, replaced.Fields);
            Assert.Equal(parsed.Message, replaced.Message);
            Assert.Equal(parsed.Accepted ? Timestamps.ToRfc3339(ParsedRecord.ReadTime) : "", replaced.Time);
            AssertWhole(replaced, bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Record_of_a_line_does_not_depend_on_the_line_before(string name)
    {
        var table = FormatTable.Read(name);
        var lines = table.Rows.Select(row => FormatTable.Bytes(row.Line)).ToArray();
        foreach (var before in lines)
        {
            var parser = table.CreateParser(false);
            foreach (var (line, expected) in lines.Zip(table.Rows.Select(row => row.Expected)))
            {
                ParsedRecord.Parse(parser, before);
                Assert.Equal(expected, FormatTable.Describe(line, ParsedRecord.Parse(parser, line)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Auto_finds_the_format_of_a_table(string name)
    {
        var table = FormatTable.Read(name);
        var sample = new List<byte>();
        foreach (var (line, expected) in table.Rows.Where(row => !row.Expected.StartsWith('!')))
        {
            sample.AddRange(FormatTable.Bytes(line));
            sample.Add((byte)'\n');
        }

        Assert.Equal(table.Format, FormatDetector.Detect(sample.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Records_come_back_from_a_block(string name)
    {
        var table = FormatTable.Read(name);
        var parser = table.CreateParser(false);
        parser.ReadTime = ParsedRecord.ReadTime;
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var lines = new List<byte[]>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var (shown, _) in table.Rows)
            {
                var line = FormatTable.Bytes(shown);
                if (parser.TryParse(batch.Append(line), out _))
                {
                    lines.Add(line);
                }
            }
        }

        var direct = new BatchView(batch);
        var stored = BlockRoundTripTests.RoundTrip(batch);
        for (var i = 0; i < lines.Count; i++)
        {
            Assert.Equal(lines[i], stored.Column(FieldNames.Raw)!.Value(i).ToArray());
            Assert.Equal(direct.Column(FieldNames.Message)!.Value(i).ToArray(), stored.Column(FieldNames.Message)!.Value(i).ToArray());
            foreach (var field in direct.FieldNames)
            {
                Assert.Equal(direct.Column(field)!.IsPresent(i), stored.Column(field)?.IsPresent(i) ?? false);
                Assert.Equal(direct.Column(field)!.Value(i).ToArray(), stored.Column(field) is { } column ? column.Value(i).ToArray() : []);
            }
        }
    }
}
