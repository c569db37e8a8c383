using System.Buffers.Binary;
using System.Text;

namespace Puppylog.Tests.Intake;

/// <summary>Writes protobuf messages and snappy blocks, for tests.</summary>
static class ProtoBytes
{
    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Fixed64(int field, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return [.. Varint(((ulong)field << 3) | 1), .. bytes];
    }

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(int field, byte[] bytes) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    public static byte[] Message(int field, params byte[][] parts) => Bytes(field, [.. parts.SelectMany(part => part)]);

    /// <summary>A KeyValue with a text.</summary>
    public static byte[] Pair(int field, string key, string value) => Pair(field, key, Text(1, value));

    public static byte[] Pair(int field, string key, byte[] value) => Message(field, Text(1, key), Bytes(2, value));

    /// <summary>A block of literals of at most 60 bytes.</summary>
    public static byte[] Snappy(byte[] plain) =>
        [.. Varint((ulong)plain.Length), .. plain.Chunk(60).SelectMany(chunk => (byte[])[(byte)((chunk.Length - 1) << 2), .. chunk])];

    /// <summary>A push to Loki of one stream.</summary>
    public static byte[] Push(string labels, params (long Time, string Line)[] entries) => Message(
        1,
        [Text(1, labels), .. entries.Select(entry => Message(
            2,
            Message(1, Number(1, (ulong)(entry.Time / 1_000_000_000)), Number(2, (ulong)(entry.Time % 1_000_000_000))),
            Text(2, entry.Line),
            Message(3, Text(1, "trace_id"), Text(2, "0242ac120002"))))]);

    /// <summary>The request that opentelemetry-proto's examples/logs.json is, as protobuf.</summary>
    public static byte[] ExampleLogs() => Message(
        1,
        Message(1, Pair(1, "service.name", "my.service")),
        Message(
            2,
            Message(1, Text(1, "my.library"), Text(2, "1.0.0"), Pair(3, "my.scope.attribute", "some scope attribute")),
            Message(
                2,
                Fixed64(1, 1544712660300000000),
                Fixed64(11, 1544712660300000000),
                Number(2, 10),
                Text(3, "Information"),
                Bytes(9, Convert.FromHexString("5B8EFFF798038103D269B633813FC60C")),
                Bytes(10, Convert.FromHexString("EEE19B7EC3C1B174")),
                Message(5, Text(1, "Example log record")),
                Pair(6, "string.attribute", "some string"),
                Pair(6, "boolean.attribute", Number(2, 1)),
                Pair(6, "int.attribute", Number(3, 10)),
                Pair(6, "double.attribute", Fixed64(4, BitConverter.DoubleToUInt64Bits(637.704))),
                Pair(6, "array.attribute", Message(5, Message(1, Text(1, "many")), Message(1, Text(1, "values")))),
                Pair(6, "map.attribute", Message(6, Pair(1, "some.map.key", "some value"))))));
}
