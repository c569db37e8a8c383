namespace Puppylog.Tests.Pipeline;

/// <summary>Not beside other tests, whose memory would be counted as well.</summary>
[CollectionDefinition(nameof(LongLineTests), DisableParallelization = true)]
[Collection(nameof(LongLineTests))]
public sealed class LongLineTests
{
    [Fact]
    public async Task Very_long_line_takes_bounded_memory()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        await using (var file = File.Create(log))
        {
            var piece = new byte[1 << 20];
            piece.AsSpan().Fill((byte)'x');
            for (var i = 0; i < 100; i++)
            {
                file.Write(piece);
            }

            file.Write("\nend\n"u8);
        }

        var before = GC.GetTotalAllocatedBytes();
        await bench.RunAsync(log);
        Assert.Equal(2, bench.Store.Lines.Count);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 32 << 20);
    }
}
