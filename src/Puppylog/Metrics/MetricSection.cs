using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>
/// The bytes of counts and of chunks: sections, each with the numbers of the metrics that it is for, the kind, whether there
/// are segments, and entries of a period, a segment and a measure (docs/metrics.md).
/// </summary>
static class MetricSection
{
    const byte WithSegments = 1;

    /// <summary>Kinds as they are written; those up to <see cref="MeasureKind.Distinct"/> but for the count are of before numbers were shortened.</summary>
    const byte Short = 6;

    /// <summary>Begins one; what is returned goes to <see cref="End"/>.</summary>
    public static int Begin(ByteWriter writer, ReadOnlySpan<long> metrics, MeasureKind kind, bool hasSegments)
    {
        writer.Varint((ulong)metrics.Length);
        foreach (var metric in metrics)
        {
            writer.Varint((ulong)metric);
        }

        writer.Byte((byte)(kind == MeasureKind.Count ? 0 : (byte)kind + Short));
        writer.Byte(hasSegments ? WithSegments : (byte)0);
        writer.UInt32(0);
        return writer.Length;
    }

    public static void End(ByteWriter writer, int begun) => writer.Overwrite(begun - 4, (uint)(writer.Length - begun));

    /// <param name="segment">Empty for what is counted together.</param>
    public static void WriteSegment(ByteWriter writer, ReadOnlySpan<byte> segment, bool isOther)
    {
        writer.Varint(isOther ? 0 : (ulong)segment.Length + 1);
        if (!isOther)
        {
            writer.Bytes(segment);
        }
    }

    /// <summary>Bytes of UTF-8.</summary>
    /// <param name="isOther">True for what is counted together.</param>
    public static ReadOnlySpan<byte> ReadSegment(ref ByteReader reader, out bool isOther)
    {
        var length = reader.Size(reader.Remaining);
        isOther = length == 0;
        return isOther ? default : reader.Bytes(length - 1);
    }

    /// <summary>Reads a section's head; its entries are the next bytes.</summary>
    /// <param name="metrics">Gets the numbers.</param>
    /// <param name="isLong">True where its measures were written before numbers were shortened.</param>
    public static void ReadHead(ref ByteReader reader, List<long> metrics, out MeasureKind kind, out bool isLong, out bool hasSegments, out ReadOnlySpan<byte> entries)
    {
        metrics.Clear();
        for (var left = reader.Size(reader.Remaining); left > 0; left--)
        {
            metrics.Add((long)reader.Varint());
        }

        var written = reader.Byte();
        isLong = written is > 0 and <= (byte)MeasureKind.Distinct;
        kind = (MeasureKind)(written > Short ? written - Short : written);
        hasSegments = (reader.Byte() & WithSegments) != 0;
        if (written == Short || kind > MeasureKind.Distinct)
        {
            throw new CorruptDataException($"a measure of kind {written}");
        }

        var length = reader.UInt32();
        entries = reader.Bytes(length <= reader.Remaining ? (int)length : throw new CorruptDataException("a section of counts is longer than what there is"));
    }
}
