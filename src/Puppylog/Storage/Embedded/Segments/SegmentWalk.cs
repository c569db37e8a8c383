using System.Buffers.Binary;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>
/// Reads the structure of a segment file: header, the chain of frames, footer. Where the chain is broken it looks for the
/// next frame that verifies, its body included, as bytes in between are whatever the logs hold.
/// </summary>
/// <param name="file">The segment.</param>
/// <param name="segment">Its number: a frame that was written into another segment does not count.</param>
/// <param name="length">Bytes that count; more than the file has are as many as it has.</param>
/// <param name="isWhole">Whether the body of a frame verifies.</param>
sealed class SegmentWalk(StoreFile file, long segment, long length, Func<FoundFrame, bool> isWhole)
{
    const int SearchBytes = 1 << 20;

    readonly List<FoundFrame> _frames = [];
    readonly List<(long Start, long End)> _gaps = [];
    readonly long _length = Math.Min(length, file.Length);

    /// <exception cref="IOException">The file cannot be read.</exception>
    public SegmentContents Run()
    {
        var head = new byte[SegmentHeader.Size];
        SegmentHeader? header = file.Read(0, head) == head.Length && SegmentHeader.TryRead(head, out var read) ? read : null;
        var footer = ReadFooter(out var end);
        FollowFrames(end);
        return new(header, _frames, _gaps, footer, end);
    }

    void FollowFrames(long end)
    {
        long at = SegmentHeader.Size;
        while (at < end)
        {
            if (TryReadFrame(at, end, out var frame))
            {
                _frames.Add(frame);
                at = frame.End;
                continue;
            }

            // Bytes may have come in or gone within the body of the frame before: what follows it then begins inside it.
            var last = _frames.Count == 0 ? null : _frames[^1];
            var from = last is not null && last.End == at && !isWhole(last) ? last.BodyOffset : at + 1;
            var next = FindFrame(from, end);
            if (last is not null && next is not null && next.Offset < last.End)
            {
                _frames.RemoveAt(_frames.Count - 1);
                at = last.Offset;
            }

            _gaps.Add((at, next?.Offset ?? end));
            at = next?.Offset ?? end;
        }
    }

    FoundFrame? FindFrame(long from, long end)
    {
        var buffer = new byte[SearchBytes];
        while (from + FrameHeader.Size <= end)
        {
            var read = file.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - from)));
            var at = 0;
            while (buffer.AsSpan(at, read - at).IndexOf("PLFR"u8) is >= 0 and var found)
            {
                at += found;
                if (TryReadFrame(from + at, end, out var frame) && isWhole(frame))
                {
                    return frame;
                }

                at++;
            }

            if (read < 4)
            {
                return null;
            }

            from += read - 3;
        }

        return null;
    }

    bool TryReadFrame(long at, long end, out FoundFrame frame)
    {
        frame = null!;
        var bytes = new byte[FrameHeader.Size];
        if (end - at < FrameHeader.Size || file.Read(at, bytes) != bytes.Length || !bytes.AsSpan().StartsWith("PLFR"u8))
        {
            return false;
        }

        // Believed only as far as the file goes, and only where the frame's three lengths agree.
        var metadata = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(28));
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24));
        var whole = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
        if (metadata < 0 || body < 0 || whole != (long)FrameHeader.Size + metadata + body || whole > end - at)
        {
            return false;
        }

        Array.Resize(ref bytes, FrameHeader.Size + metadata);
        if (file.Read(at, bytes) != bytes.Length || !FrameHeader.TryRead(bytes, out var header) || header.Segment != segment)
        {
            return false;
        }

        frame = new(at, header, bytes[FrameHeader.Size..]);
        return true;
    }

    FrameEntry[]? ReadFooter(out long start)
    {
        start = _length;
        var trailer = new byte[8];
        if (_length < SegmentHeader.Size + SegmentFooter.TrailerSize || file.Read(_length - 8, trailer) != 8)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        if (!trailer.AsSpan().EndsWith("PLFE"u8) || size < SegmentFooter.TrailerSize || size > _length - SegmentHeader.Size)
        {
            return null;
        }

        var footer = new byte[size];
        if (file.Read(_length - size, footer) != size || !SegmentFooter.TryRead(footer, out var entries))
        {
            return null;
        }

        start = _length - size;
        return entries;
    }
}
