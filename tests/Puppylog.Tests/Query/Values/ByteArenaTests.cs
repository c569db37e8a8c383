using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query.Execution;
using Puppylog.Query.Values;

namespace Puppylog.Tests.Query.Values;

public sealed class ByteArenaTests
{
    [Fact]
    public void Arena_gives_back_what_was_put_in_however_long() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var memory = new QueryMemory(1L << 30);
            var arena = new ByteArena(memory);
            var kept = new List<(byte[] Bytes, ulong Place)>();
            for (var i = random.Next(200); i >= 0; i--)
            {
                var bytes = new byte[random.Next(10) == 0 ? random.Next(40_000) : random.Next(30)];
                random.NextBytes(bytes);
                kept.Add((bytes, arena.Add(bytes)));
            }

            Assert.All(kept, entry => Assert.True(arena[entry.Place].SequenceEqual(entry.Bytes)));
            Assert.InRange(memory.Used, kept.Sum(entry => entry.Bytes.Length), (kept.Sum(entry => entry.Bytes.Length) * 3) + 45_000);
            arena.Release();
            Assert.Equal(0, memory.Used);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Arena_takes_values_that_fill_chunks_to_the_last_byte()
    {
        var arena = new ByteArena(null);
        var kept = new List<(byte Fill, int Length, ulong Place)>();
        foreach (var length in new[] { 1024, 0, 2048, 1 << 20, 0, (1 << 20) + 1, 3 << 20, 1, 0 })
        {
            var fill = (byte)(kept.Count + 1);
            kept.Add((fill, length, arena.Add([.. Enumerable.Repeat(fill, length)])));
        }

        Assert.All(kept, entry => Assert.True(arena[entry.Place].Length == entry.Length && arena[entry.Place].IndexOfAnyExcept(entry.Fill) < 0));
    }
}
