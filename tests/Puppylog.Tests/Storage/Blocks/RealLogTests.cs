using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class RealLogTests
{
    [Theory]
    [InlineData("apache_access.log", "combined", false)]
    [InlineData("apache_access.log", "combined", true)]
    [InlineData("nginx_status.jsonl", "json", false)]
    [InlineData("systems/openssh.log", "syslog", false)]
    [InlineData("systems/linux.log", "syslog", true)]
    [InlineData("systems/android.log", "logcat", false)]
    [InlineData("systems/apache.log", "apache_error", false)]
    [InlineData("systems/zookeeper.log", "log4j", false)]
    [InlineData("systems/spark.log", "log4j", false)]
    [InlineData("systems/spark.log", "text", false)]
    public void Every_line_comes_back(string file, string format, bool now)
    {
        var path = SharedData.Require(file);
        var parser = LineParsers.Create(format, now);
        parser.ReadTime = 1_800_000_000_123_456_789;
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var lines = new List<string>();
        foreach (var line in Encoding.Latin1.GetString(File.ReadAllBytes(path)).Split('\n'))
        {
            if (parser.TryParse(batch.Append(Encoding.Latin1.GetBytes(line)), out _))
            {
                lines.Add(line);
            }
        }

        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        Assert.Equal(lines.Count, view.Count);
        var raw = view.Column(FieldNames.Raw)!;
        for (var i = 0; i < lines.Count; i++)
        {
            Assert.Equal(lines[i], Encoding.Latin1.GetString(raw.Value(i)));
        }

        if (format == "combined")
        {
            Assert.Equal(9999, view.Count);
            Assert.Equal(ColumnEncoding.Line, view.Entries.Single(entry => entry.Name == FieldNames.Raw).Encoding);
        }

        // Every field of every record, block against batch.
        var direct = new BatchView(batch);
        foreach (var name in direct.FieldNames)
        {
            var (stored, given) = (view.Column(name), direct.Column(name)!);
            for (var i = 0; i < view.Count; i++)
            {
                Assert.Equal(given.IsPresent(i), stored?.IsPresent(i) ?? false);
                Assert.True(given.Value(i).SequenceEqual(stored is null ? default : stored.Value(i)), $"{name} of record {i}");
                Assert.Equal(given.Kind(i), stored?.Kind(i) ?? ValueKind.Text);
            }
        }
    }
}
