using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

public sealed class JsonEverNewNamesTests
{
    [Fact]
    public void Two_batches_later_names_that_no_longer_come_are_gone()
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        for (var use = 0; use < 3; use++)
        {
            batch.Reset(parser.Shape);
            parser.Bind(batch);
            for (var line = 0; line < 6000; line++)
            {
                var text = $"{{\"time\":\"2026-11-21T00:00:00Z\",\"name_{use}_{line}\":1}}";
                Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(text)), out var reason), reason);
            }

            Assert.Equal(6000, batch.Columns.Count(column => column.IsUsed) + batch.Overflow.Length);
        }

        Assert.DoesNotContain(batch.Columns, column => column.Name.StartsWith("name_0_", StringComparison.Ordinal));
    }
}
