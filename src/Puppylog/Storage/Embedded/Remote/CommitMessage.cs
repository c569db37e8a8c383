using System.Buffers;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>An encoded commit as a message: metadata, retry key, a line per block, then the blocks' bytes.</summary>
static class CommitMessage
{
    const int PartSize = 36;

    public static ReadOnlyMemory<byte> Head(EncodedCommit commit)
    {
        var target = new ArrayBufferWriter<byte>();
        CommitMetadata.Write(target, commit.Positions, commit.Keys);
        var writer = new FixedWriter(target);
        writer.Text(commit.RetryKey ?? "");
        writer.Int32(commit.Parts.Count);
        foreach (var (day, block) in commit.Parts)
        {
            writer.Int32(day is null ? 1 : 0);
            writer.Int32(day ?? 0);
            writer.Int32(block.Records);
            writer.Int64(block.MinTime);
            writer.Int64(block.MaxTime);
            writer.Int32(block.Body.Length);
            writer.Int32(0);
        }

        return target.WrittenMemory;
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> Bodies(EncodedCommit commit) => [.. commit.Parts.Select(part => part.Block.Body)];

    /// <summary>Reads a commit whose blocks lie in the message; disposing the commit gives the message back.</summary>
    /// <exception cref="FormatException">It does not hold together.</exception>
    public static EncodedCommit Read(Message message)
    {
        var reader = message.Reader();
        var (positions, keys) = CommitMetadata.Read(ref reader);
        var retry = reader.Text();
        var count = reader.Count(PartSize);
        var parts = new (int? Day, int Records, long Min, long Max, int Length)[count];
        var (days, bytes) = (new HashSet<int>(), 0L);
        foreach (ref var part in parts.AsSpan())
        {
            var mixed = reader.Int32() != 0;
            var day = reader.Int32();
            part = (mixed ? null : day, reader.Int32(), reader.Int64(), reader.Int64(), reader.Int32());
            reader.Int32();
            bytes += part.Length;
            if (part.Records <= 0 || part.Length < 0 || part.Min > part.Max || (!mixed && !Within(day, part.Min, part.Max)))
            {
                throw new FormatException("a block whose count or times are wrong");
            }

            if (!mixed)
            {
                days.Add(day);
            }
        }

        if (bytes != reader.Remaining || days.Count > BatchSplitter.MaxDays)
        {
            throw new FormatException("the blocks do not fill the message, or are of too many days");
        }

        return new(Blocks(message, parts, message.Payload.Length - reader.Remaining), positions, keys)
        {
            RetryKey = retry.Length == 0 ? null : retry,
            Owner = message,
        };
    }

    static EncodedPart[] Blocks(Message message, (int? Day, int Records, long Min, long Max, int Length)[] parts, int at)
    {
        var blocks = new EncodedPart[parts.Length];
        for (var i = 0; i < blocks.Length; i++)
        {
            var (day, records, min, max, length) = parts[i];
            blocks[i] = new(day, new PooledBlock(message.Payload.Slice(at, length), records, min, max, null));
            at += length;
        }

        return blocks;
    }

    static bool Within(int day, long min, long max) => Timestamps.DayOf(min) == day && Timestamps.DayOf(max) == day;
}
