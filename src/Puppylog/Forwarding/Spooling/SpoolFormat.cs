using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Forwarding.Spooling;

/// <summary>The bytes of spool files: docs/formats/spool.md. Little-endian.</summary>
static class SpoolFormat
{
    public const string Extension = ".spool";
    public const int FrameHeaderLength = 24;
    public const int MaxHeaderLength = HeaderLength + (2 * MaxNameLength);

    const uint Magic = 0x4c505350;
    const uint Version = 1;
    const int HeaderLength = 44;
    const int MaxNameLength = 4096;

    /// <summary><c>00000042.spool</c>: files are numbered in the order in which they were begun.</summary>
    public static string FileName(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:D8}{Extension}");

    public static bool TryReadName(string path, out long number)
    {
        number = 0;
        return path.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public static byte[] Header(SpoolOrigin origin, long start)
    {
        var (name, path) = (Cut(origin.Name), Cut(origin.Path ?? ""));
        var header = new byte[HeaderLength + name.Length + path.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), start);
        origin.Id.TryWriteBytes(header.AsSpan(16));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(32), name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(36), path.Length);
        name.CopyTo(header.AsSpan(HeaderLength));
        path.CopyTo(header.AsSpan(HeaderLength + name.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), Crc32C.Compute(header.AsSpan(0, 40), header.AsSpan(HeaderLength)));
        return header;
    }

    /// <summary>False where the bytes are no header, or not whole.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out SpoolOrigin origin, out long start, out int length)
    {
        origin = default;
        (start, length) = (0, 0);
        if (bytes.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Version)
        {
            return false;
        }

        var name = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]);
        var path = BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]);
        if (name is < 0 or > MaxNameLength || path is < 0 or > MaxNameLength || bytes.Length < HeaderLength + name + path)
        {
            return false;
        }

        length = HeaderLength + name + path;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]) != Crc32C.Compute(bytes[..40], bytes[HeaderLength..length]))
        {
            return false;
        }

        start = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        var stored = Encoding.UTF8.GetString(bytes.Slice(HeaderLength + name, path));
        origin = new(new Guid(bytes.Slice(16, 16)), Encoding.UTF8.GetString(bytes.Slice(HeaderLength, name)), stored.Length > 0 ? stored : null);
        return start >= 0;
    }

    public static void WriteFrame(Span<byte> header, long offset, ReadOnlySpan<byte> lines, long left)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, lines.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], left);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Checksum(header, lines));
    }

    public static SpoolFrame ReadFrame(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadInt64LittleEndian(header[8..]), BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt64LittleEndian(header[16..]));

    public static bool Verifies(ReadOnlySpan<byte> header, ReadOnlySpan<byte> lines) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Checksum(header, lines);

    static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> lines) =>
        Crc32C.Append(Crc32C.Compute(header[..4], header[8..FrameHeaderLength]), lines);

    static byte[] Cut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxNameLength ? bytes : bytes[..MaxNameLength];
    }
}
