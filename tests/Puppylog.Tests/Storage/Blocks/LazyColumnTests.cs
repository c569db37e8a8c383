using System.Globalization;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>What a query does not need is neither read nor decoded: docs/decisions/0022-lazy-columns.md.</summary>
public sealed class LazyColumnTests
{
    static readonly string[] Fields = ["_msg", "status", "bytes", "id"];

    [Theory]
    [InlineData("status:=404 | stats count() n", "status")]
    [InlineData("bytes:>15000 | stats count() n", "bytes")]
    [InlineData("* | stats sum(bytes) n", "bytes")]
    [InlineData("* | stats by (status) max(bytes) n", "status bytes")]
    [InlineData("* | stats count() n", "")]
    public async Task Query_reads_and_keeps_the_columns_that_it_names_and_no_others(string query, string columns)
    {
        var block = new CountedBlock(Encode());
        var opened = block.Open();
        var sizes = ((BlockView)opened).ChunkSizes.ToDictionary(chunk => chunk.Name, chunk => chunk.Bytes);
        var wanted = columns.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        block.Bytes.Ranges.Clear();

        await QueryExecutor.RunAsync(QueryParser.Parse(query, 0), [block], new NoSink(), TestContext.Current.CancellationToken);

        Assert.Equal(wanted.Sum(name => sizes[name]), block.Bytes.Ranges.Sum(range => (long)range.Length));
        Assert.Equal(wanted.Order(StringComparer.Ordinal), block.Bytes.Kept.Where(Fields.Contains).Order(StringComparer.Ordinal));
    }

    /// <summary>The words between them decide; a number could not begin or end what is looked for.</summary>
    [Fact]
    public async Task Text_that_templates_answer_leaves_their_variables_as_they_are()
    {
        var block = new CountedBlock(Encode());
        await QueryExecutor.RunAsync(QueryParser.Parse("\"logged in from\" | stats count() n", 0), [block], new NoSink(), TestContext.Current.CancellationToken);

        var text = Assert.IsType<TemplateVector>(block.Open().Column("_msg"));
        var variables = text.Variables.OfType<LazyVector>().ToList();
        Assert.NotEmpty(variables);
        Assert.All(variables, variable => Assert.False(variable.IsDecoded));
        _ = text.Value(0).Length;
        Assert.Contains(variables, variable => variable.IsDecoded);
    }

    static ReadOnlyMemory<byte> Encode()
    {
        var random = new Random(3);
        var builder = new BatchBuilder();
        for (var i = 0; i < 3000; i++)
        {
            builder.Add(
                i, $"user {random.Next(1_000_000)} logged in from 10.{random.Next(256)}.0.{random.Next(256)} after {random.Next(90_000)} ms",
                ("status", i % 2 == 0 ? "200" : "404"), ("bytes", random.Next(30_000).ToString(CultureInfo.InvariantCulture)), ("id", $"{random.NextInt64():x16}"));
        }

        return new BlockEncoder().Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch)).Body;
    }

    sealed class CountedBlock(ReadOnlyMemory<byte> body) : RecordBlock
    {
        public CountedBytes Bytes { get; } = new(body);

        public override int Count => 3000;

        public override long MinTime => 0;

        public override long MaxTime => 2999;

        public override RecordView Open() => BlockReader.Open(Bytes);
    }

    sealed class CountedBytes(ReadOnlyMemory<byte> body) : BlockBytes
    {
        readonly MemoryBlockBytes _inner = new(body);
        readonly BlockCache _cache = new(1 << 26);

        public List<(int Offset, int Length)> Ranges { get; } = [];

        public HashSet<string> Kept { get; } = [];

        public override int Length => _inner.Length;

        public override void Read(int offset, Span<byte> target)
        {
            Ranges.Add((offset, target.Length));
            _inner.Read(offset, target);
        }

        public override object? Recall(string name) => _cache.Find(0, 0, name);

        public override void Remember(string name, object value, long bytes)
        {
            Kept.Add(name);
            _cache.Add(0, 0, name, value, bytes);
        }
    }

    sealed class NoSink : IResultSink
    {
        public bool Write(RecordView view, ReadOnlySpan<int> rows) => true;
    }
}
