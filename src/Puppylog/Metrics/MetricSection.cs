using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>
/// The bytes of counts and of chunks: sections, each with the numbers of the metrics that it is for, the kind, whether there
/// are segments, and entries of a period, a segment and a measure (docs/metrics.md).
/// </summary>
static class MetricSection
{
    public const byte WithSegments = 1;

    /// <summary>Begins one; what is returned goes to <see cref="End"/>.</summary>
    public static int Begin(ByteWriter writer, ReadOnlySpan<long> metrics, MeasureKind kind, bool hasSegments)
    {
        writer.Varint((ulong)metrics.Length);
        foreach (var metric in metrics)
        {
            writer.Varint((ulong)metric);
        }

        writer.Byte((byte)kind);
        writer.Byte(hasSegments ? WithSegments : (byte)0);
        writer.UInt32(0);
        return writer.Length;
    }

    public static void End(ByteWriter writer, int begun) => writer.Overwrite(begun - 4, (uint)(writer.Length - begun));

    /// <param name="segment">Null for what is counted together.</param>
    public static void WriteSegment(ByteWriter writer, ReadOnlySpan<byte> segment, bool isOther)
    {
        writer.Varint(isOther ? 0 : (ulong)segment.Length + 1);
        if (!isOther)
        {
            writer.Bytes(segment);
        }
    }

    /// <summary>Null for what is counted together.</summary>
    public static string? ReadSegment(ref ByteReader reader)
    {
        var length = reader.Size(reader.Remaining);
        return length == 0 ? null : Encoding.UTF8.GetString(reader.Bytes(length - 1));
    }

    /// <summary>Reads a section's head; its entries are the next bytes.</summary>
    public static long[] ReadHead(ref ByteReader reader, out MeasureKind kind, out bool hasSegments, out ReadOnlySpan<byte> entries)
    {
        var metrics = new long[reader.Size(reader.Remaining)];
        for (var i = 0; i < metrics.Length; i++)
        {
            metrics[i] = (long)reader.Varint();
        }

        kind = (MeasureKind)reader.Byte();
        hasSegments = (reader.Byte() & WithSegments) != 0;
        if (kind > MeasureKind.Distinct)
        {
            throw new CorruptDataException($"a measure of kind {(byte)kind}");
        }

        var length = reader.UInt32();
        entries = reader.Bytes(length <= reader.Remaining ? (int)length : throw new CorruptDataException("a section of counts is longer than what there is"));
        return metrics;
    }
}
