using System.Buffers;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Segments;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class SegmentFormatTests
{
    [Fact]
    public void Checksum_is_crc32c()
    {
        // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0xE3069283u, Crc32C.Compute("1234"u8, "56789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(-1)]
    [InlineData(null)]
    public void Segment_header_is_read_back(int? day)
    {
        var header = new SegmentHeader(42, day, Guid.NewGuid());
        Assert.True(SegmentHeader.TryRead(header.ToBytes(), out var read));
        Assert.Equal(header, read);
    }

    [Fact]
    public void Frame_header_is_read_back_with_its_metadata()
    {
        var bytes = Frame(out var header);
        Assert.True(FrameHeader.TryRead(bytes, out var read));
        Assert.Equal(header, read);
        var reader = new FixedReader(bytes.AsSpan(FrameHeader.Size, read.MetadataLength));
        var (positions, keys) = CommitMetadata.Read(ref reader);
        Assert.Equal(0, reader.Remaining);
        Assert.Equal([Move(null, 5), Move(7, 9, "other")], positions);
        Assert.Equal(["key", ""], keys);
    }

    [Fact]
    public void Any_changed_or_missing_byte_is_noticed()
    {
        var segment = new SegmentHeader(42, 7, Guid.NewGuid()).ToBytes();
        var frame = Frame(out _);
        var footer = SegmentFooter.ToBytes([new(64, 144, 10, 1, 0, 3, -5, 5), new(200, 280, 10, 2, 0, 3, 1, 2)]);
        Assert.True(SegmentFooter.TryRead(footer, out var frames));
        Assert.Equal(new FrameEntry(64, 144, 10, 1, 0, 3, -5, 5), frames[0]);
        foreach (var (bytes, read) in new (byte[], Func<byte[], bool>)[]
        {
            (segment, changed => SegmentHeader.TryRead(changed, out _)),
            (frame, changed => FrameHeader.TryRead(changed, out _)),
            (footer, changed => SegmentFooter.TryRead(changed, out _)),
        })
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    var changed = bytes.ToArray();
                    changed[i] ^= (byte)(1 << bit);
                    Assert.False(read(changed), $"byte {i}, bit {bit}");
                }

                Assert.False(read(bytes[..i]));
            }
        }
    }

    [Fact]
    public void Random_bytes_are_no_metadata_and_never_more_than_a_format_error()
    {
        var random = new Random(3);
        var good = new ArrayBufferWriter<byte>();
        CommitMetadata.Write(good, [Move(null, 5), Move(7, 9)], ["key"]);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.WrittenSpan.ToArray();
            for (var change = random.Next(4); change >= 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var reader = new FixedReader(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
                CommitMetadata.Read(ref reader);
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }
    }

    static byte[] Frame(out FrameHeader header)
    {
        var metadata = new ArrayBufferWriter<byte>();
        CommitMetadata.Write(metadata, [Move(null, 5), Move(7, 9, "other")], ["key", ""]);
        header = new FrameHeader(42, 7, 0, 2, metadata.WrittenCount, 100, 3, long.MinValue, long.MaxValue);
        var bytes = new byte[FrameHeader.Size + metadata.WrittenCount];
        metadata.WrittenSpan.CopyTo(bytes.AsSpan(FrameHeader.Size));
        header.Write(bytes, metadata.WrittenSpan);
        return bytes;
    }
}
