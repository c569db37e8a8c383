using System.Buffers;
using System.Buffers.Binary;
using Puppylog.Query.Execution.Groups;

namespace Puppylog.Metrics;

/// <summary>A segment's value as it is shown and kept.</summary>
static class SegmentText
{
    /// <summary>The values of a key, joined by commas; holds until the next call.</summary>
    /// <param name="keys">The keys of a block.</param>
    /// <param name="number">Which.</param>
    /// <param name="scratch">Room.</param>
    public static ReadOnlySpan<byte> Joined(this BlockKeys keys, int number, ArrayBufferWriter<byte> scratch)
    {
        var key = keys.Key(number, scratch);
        if (keys.Fields == 1)
        {
            return key;
        }

        var joined = new ArrayBufferWriter<byte>(key.Length + 1);
        for (var field = 0; field < keys.Fields; field++)
        {
            if (field > 0)
            {
                joined.Write(","u8);
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(key);
            joined.Write(key.Slice(4, length));
            key = key[(4 + length)..];
        }

        return joined.WrittenSpan;
    }
}
