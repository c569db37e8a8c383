using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

public sealed class ParserFuzzTests
{
    static readonly byte[][] Seeds =
    [
        .. new[]
        {
            "127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a\\\"b?x=1 HTTP/1.0\" 200 2326 \"http://e/\" \"Moz \\\\ (x)\" 0.1",
            "::1 - - [10/Oct/2000:13:55:36 -0700] \"\\x16\\x03\" 400 - \"-\" \"-\" \"1.2.3.4\" 12",
            "h i j k [10/Oct/2000:13:55:36 -0700] \"GET /\" - -",
            "{\"time\":\"2026-11-21T14:00:05Z\",\"msg\":\"a\\u00e9\\ud83d\\ude00\\n\",\"d\":{\"x\":[1,{\"y\":null}],\"z\":{}},\"n\":-1.5e3,\"t\":true}",
            "{\"@timestamp\":1446249499322.5,\"level\":\"x\",\"a\":{\"b\":{\"c\":\"d\"}}}",
            "2026-11-21 14:00:05 cust_17 /api/v1/resource2 200 0.734",
            "[2026-11-21T14:00:05.123+01:00] text",
        }.Select(Encoding.UTF8.GetBytes),
        .. FormatTable.Names.SelectMany(name => FormatTable.Read(name).Rows).Select(row => FormatTable.Bytes(row.Line)),
    ];

    static readonly string[] Own =
    [
        "pattern:{time:timestamp} {level|-} [{thread}] {logger:word}: {_msg}",
        "pattern:{a:int}{ }{b}: {c:number} {d:name}\\t{_msg} end",
        @"regex:^(?<time>\S+) (?<level>\w+) (?<message>.*)$",
        @"regex:(?<a>[^ ]+) (?=\w)(?<b>\w+)",
    ];

    [Fact]
    public void No_bytes_make_a_parser_throw_or_point_outside()
    {
        var random = new Random(20261121);
        var parsers = LineParsers.Names.Concat(Own).SelectMany(name => new[] { LineParsers.Create(name, false), LineParsers.Create(name, true) }).ToArray();
        var batches = parsers.Select(parser => new RecordBatch(parser.Shape)).ToArray();
        for (var round = 0; round < 6_000; round++)
        {
            var line = Line(random);
            for (var i = 0; i < parsers.Length; i++)
            {
                if (round % 64 == 0)
                {
                    batches[i].Reset(parsers[i].Shape);
                    parsers[i].Bind(batches[i]);
                }

                Check(parsers[i], batches[i], line);
            }
        }
    }

    [Fact]
    public void No_bytes_make_the_detector_throw()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var sample = Enumerable.Range(0, random.Next(1, 8)).SelectMany(_ => Line(random).Append((byte)'\n')).ToArray();
            Assert.Contains(FormatDetector.Detect(sample.AsSpan(0, random.Next(sample.Length + 1))), LineParsers.Names);
        }
    }

    static byte[] Line(Random random)
    {
        if (random.Next(8) == 0)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            return bytes;
        }

        var line = Seeds[random.Next(Seeds.Length)].ToList();
        for (var edits = random.Next(4); edits > 0 && line.Count > 0; edits--)
        {
            var at = random.Next(line.Count);
            switch (random.Next(5))
            {
                case 0:
                    line[at] = (byte)random.Next(256);
                    break;
                case 1:
                    line[at] = (byte)" \"\\[]{}:,-0/\r\0.\n\t=<"[random.Next(18)];
                    break;
                case 2:
                    line.RemoveAt(at);
                    break;
                case 3:
                    line.InsertRange(at, line.GetRange(at, random.Next(line.Count - at)));
                    break;
                default:
                    line.RemoveRange(at, line.Count - at);
                    break;
            }
        }

        return [.. line];
    }

    static void Check(LineParser parser, RecordBatch batch, byte[] line)
    {
        var count = batch.Count;
        var span = batch.Append(line);
        if (!parser.TryParse(span, out var reason))
        {
            Assert.NotNull(reason);
            Assert.Equal(count, batch.Count);
            return;
        }

        Assert.Null(reason);
        Assert.Equal(count + 1, batch.Count);
        Assert.Equal(span, batch.Lines[count]);
        AssertWithin(batch, batch.Messages[count]);
        foreach (var column in batch.Columns)
        {
            AssertWithin(batch, column.Span(count));
        }

        if (batch.Templates[count] > 0)
        {
            var view = new BatchView(batch);
            Assert.True(ParsedRecord.Compose(batch, view).Value(count).SequenceEqual(line), Encoding.Latin1.GetString(line));
        }
    }

    static void AssertWithin(RecordBatch batch, ByteSpan span) =>
        Assert.True(span.IsAbsent || (span.Offset >= 0 && span.End <= batch.ByteCount));
}
