using System.Buffers;
using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Forwarding;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Verification;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Forwarding;

public sealed class BatchMessageTests
{
    static async Task<byte[]> MessageAsync()
    {
        using var encoder = new CommitEncoder(BlockCodec.Instance);
        var batch = Batch("a", "b 1", "c 22");
        batch.Column("level").Set(1, batch.Append("info"u8));
        using var commit = (await encoder.EncodeAsync(new([batch], [Move(null, 10), Move(5, 7, "spool:1")], ["k"]))) with { RetryKey = "r" };
        return [.. BatchMessage.Write(commit).SelectMany(piece => piece.ToArray())];
    }

    [Fact]
    public async Task Commit_comes_back_with_sources_and_keys_of_its_agent()
    {
        var bytes = await MessageAsync();
        using var commit = Read(bytes);
        Assert.Equal(3, commit.Records);
        Assert.Equal(["agent/a1/file:1:2", "agent/a1/spool:1"], commit.Positions.Select(move => move.To.Source));
        Assert.Equal([null, 5L], commit.Positions.Select(move => move.From?.Offset));
        Assert.Equal(["agent/a1/k"], commit.Keys);
        Assert.Equal("agent/a1/r", commit.RetryKey);
    }

    [Fact]
    public async Task Changed_bytes_are_refused_and_nothing_else_happens()
    {
        var bytes = await MessageAsync();
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, byte Value, int Cut)>(), change =>
        {
            var changed = bytes.ToArray();
            changed[(int)Math.Abs(change.At * 7919L % changed.Length)] ^= (byte)(change.Value | 1);
            var length = change.Cut % 5 == 0 ? Math.Abs(change.Cut % changed.Length) : changed.Length;
            Assert.Throws<FormatException>(() => Read(changed[..length]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    /// <summary>Who means harm has his checksum right.</summary>
    [Fact]
    public async Task Changed_bytes_with_a_right_checksum_are_refused_or_harmless()
    {
        var bytes = await MessageAsync();
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, byte Value)[]>(), changes =>
        {
            var changed = bytes.ToArray();
            foreach (var (at, value) in changes)
            {
                changed[BatchMessage.HeaderLength + (int)Math.Abs(at * 7919L % (changed.Length - BatchMessage.HeaderLength))] = value;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(8), Crc32C.Compute(changed.AsSpan(BatchMessage.HeaderLength)));
            try
            {
                using var commit = Read(changed);
                Assert.True(commit.Records is >= 1 and <= 3);
                Assert.All(commit.Parts, part => Assert.Empty(BlockCheck.Run(
                    part.Block.Body, BlockCodec.Instance, new(0, 0, part.Block.Body.Length, 0, 0, part.Block.Records, part.Block.MinTime, part.Block.MaxTime))));
                Assert.All(commit.Positions, move => Assert.StartsWith("agent/a1/", move.To.Source, StringComparison.Ordinal));
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Random_bytes_are_refused() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => { Assert.Throws<FormatException>(() => Read(bytes)); }).QuickCheckThrowOnFailure();

    static EncodedCommit Read(byte[] bytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, bytes.Length));
        bytes.CopyTo(buffer, 0);
        return BatchMessage.Read(buffer, bytes.Length, "a1");
    }
}
