using System.Buffers;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Retention;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>What is asked and answered about compaction and retention: numbers one behind the other, -1 for "none" or "as it is".</summary>
static class UpkeepMessage
{
    const long None = -1;

    public static ReadOnlyMemory<byte> Write(CompactionProgress progress) =>
        Write(progress.SegmentsDone, progress.Segments, progress.BytesDone, progress.Bytes);

    public static ReadOnlyMemory<byte> Write(CompactionReport report) => Write(
        report.SegmentsBefore, report.SegmentsAfter, report.BlocksBefore, report.BlocksAfter, report.BytesBefore, report.BytesAfter);

    public static ReadOnlyMemory<byte> Write(RetentionChange change) => Write(change.Age?.Ticks ?? None, change.Bytes ?? None);

    public static ReadOnlyMemory<byte> Write(RetentionPolicy policy) => Write(policy.Age?.Ticks ?? None, policy.Bytes ?? None);

    public static CompactionProgress ReadProgress(Message message)
    {
        var reader = message.Reader();
        return new(reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64());
    }

    public static CompactionReport ReadReport(Message message)
    {
        var reader = message.Reader();
        return new(reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64());
    }

    public static RetentionChange ReadChange(Message message)
    {
        var reader = message.Reader();
        return new(Age(reader.Int64()), Bytes(reader.Int64()));
    }

    public static RetentionPolicy ReadPolicy(Message message)
    {
        var reader = message.Reader();
        return new(Age(reader.Int64()), Bytes(reader.Int64()));
    }

    static TimeSpan? Age(long ticks) => ticks < 0 ? null : TimeSpan.FromTicks(ticks);

    static long? Bytes(long bytes) => bytes < 0 ? null : bytes;

    static ReadOnlyMemory<byte> Write(params ReadOnlySpan<long> numbers)
    {
        var target = new ArrayBufferWriter<byte>();
        var writer = new FixedWriter(target);
        foreach (var number in numbers)
        {
            writer.Int64(number);
        }

        return target.WrittenMemory;
    }
}
