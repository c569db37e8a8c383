using System.Buffers;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>A commit's positions and idempotency keys as bytes: in the first frame of the commit and on the socket.</summary>
/// <remarks>Of <see cref="PositionChange.From"/> only generation and offset are kept: only they are compared.</remarks>
static class CommitMetadata
{
    const byte Version = 1;

    public static void Write(IBufferWriter<byte> target, IReadOnlyList<PositionChange> positions, IReadOnlyList<string> keys)
    {
        var writer = new FixedWriter(target);
        writer.Byte(Version);
        writer.Int32(positions.Count);
        foreach (var (from, to) in positions)
        {
            writer.Byte(from is null ? (byte)0 : (byte)1);
            if (from is not null)
            {
                writer.Int64(from.Generation);
                writer.Int64(from.Offset);
            }

            WritePosition(writer, to);
        }

        writer.Int32(keys.Count);
        foreach (var key in keys)
        {
            writer.Text(key);
        }
    }

    /// <exception cref="FormatException">The bytes are no metadata.</exception>
    public static (IReadOnlyList<PositionChange> Positions, IReadOnlyList<string> Keys) Read(ref FixedReader reader)
    {
        if (reader.Byte() != Version)
        {
            throw new FormatException("unknown version of commit metadata");
        }

        var positions = new PositionChange[reader.Count(smallest: 33)];
        for (var i = 0; i < positions.Length; i++)
        {
            var hasFrom = reader.Byte() != 0;
            var (generation, offset) = hasFrom ? (reader.Int64(), reader.Int64()) : default;
            var to = ReadPosition(ref reader);
            positions[i] = new(hasFrom ? to with { Generation = generation, Offset = offset } : null, to);
        }

        var keys = new string[reader.Count(smallest: 4)];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = reader.Text();
        }

        return (positions, keys);
    }

    public static void WritePosition(FixedWriter writer, SourcePosition position)
    {
        writer.Text(position.Source);
        writer.Int64(position.Generation);
        writer.Int64(position.Offset);
        writer.Int64(position.Line);
        writer.Text(position.Path);
        writer.Int32(position.FingerprintLength);
        writer.Int64((long)position.Fingerprint);
    }

    public static SourcePosition ReadPosition(ref FixedReader reader) =>
        new(reader.Text(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Text(), reader.Int32(), (ulong)reader.Int64());
}
