using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>Tells whether a file, compressed or not, holds the content that a position is of.</summary>
sealed class ContentProbe : IDisposable
{
    /// <summary>Bytes of what is compressed that are held; half of them can be asked for once more.</summary>
    const int Window = 128 << 10;

    readonly SafeFileHandle? _plain;
    readonly bool _ownsPlain;
    readonly Stream? _compressed;
    // What is compressed cannot be read backwards: its first bytes, and the last that were read.
    readonly byte[] _first = [];
    readonly int _firstLength;
    byte[] _last = [];
    int _lastLength;
    long _read;

    ContentProbe(SafeFileHandle plain, bool owns)
    {
        _plain = plain;
        _ownsPlain = owns;
    }

    ContentProbe(Stream compressed)
    {
        _compressed = compressed;
        _first = new byte[Fingerprint.HeadLength + Fingerprint.TailLength];
        _read = _firstLength = compressed.ReadAtLeast(_first, _first.Length, throwOnEndOfStream: false);
    }

    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>True for a compressed file whose original is still beside it: it goes when the other is complete.</summary>
    public static bool IsBeingWritten(string path) => IsCompressed(path) && File.Exists(path[..^3]);

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is not what its name says.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ContentProbe Open(string path)
    {
        if (!IsCompressed(path))
        {
            return new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), owns: true);
        }

        var stream = new GZipStream(CompressedFile.OpenStream(path), CompressionMode.Decompress);
        try
        {
            return new(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The position behind all that a file holds; null where it cannot be read. Of what is compressed only the beginning is read.</summary>
    /// <param name="shownPath">As <see cref="SourcePosition.Path"/>.</param>
    public static SourcePosition? PositionAtEnd(RotatedFile file, string shownPath, long generation)
    {
        if (file.Length is not { } length)
        {
            return null;
        }

        try
        {
            using var probe = Open(file.Path);
            Span<byte> bytes = stackalloc byte[Fingerprint.HeadLength];
            var head = bytes[..(int)Math.Min(length, Fingerprint.HeadLength)];
            Span<byte> tail = stackalloc byte[file.IsCompressed ? 0 : (int)Math.Min(length, Fingerprint.TailLength)];
            if (!probe.TryRead(0, head) || !probe.TryRead(length - tail.Length, tail))
            {
                return null;
            }

            var (headLength, value) = Fingerprint.Of(head, tail, file.Status.Born);
            return new(file.Status.Identity.Source, generation, length, 0, shownPath, headLength, value);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    public static ContentProbe Of(SafeFileHandle file) => new(file, owns: false);

    /// <summary>True where it holds the content, at least up to the position. Of a compressed file positions have to ascend.</summary>
    /// <param name="born">When the file's inode was made.</param>
    public bool Holds(SourcePosition position, long born)
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.HeadLength];
        var head = bytes[..Fingerprint.HeadLengthOf(position)];
        if (head.Length > position.Offset || !TryRead(0, head) || !Fingerprint.HasHead(position, head, born))
        {
            return false;
        }

        var tail = bytes[..(int)Math.Clamp(position.Offset, 0, Fingerprint.TailLength)];
        return TryRead(position.Offset - tail.Length, tail) && Fingerprint.HasTail(position, tail);
    }

    /// <summary>Reads as many bytes as fit; false where there are less, and where what is compressed was passed too long ago.</summary>
    public bool TryRead(long offset, Span<byte> target)
    {
        if (_plain is not null)
        {
            return ReadFully(_plain, target, offset) == target.Length;
        }

        var end = offset + target.Length;
        if (end <= _firstLength)
        {
            _first.AsSpan((int)offset, target.Length).CopyTo(target);
            return true;
        }

        while (_read < end)
        {
            if (!TryReadOn())
            {
                return false;
            }
        }

        var from = offset - (_read - _lastLength);
        if (from < 0)
        {
            return false;
        }

        _last.AsSpan((int)from, target.Length).CopyTo(target);
        return true;
    }

    public static int ReadFully(SafeFileHandle file, Span<byte> target, long offset)
    {
        var length = 0;
        while (length < target.Length)
        {
            var count = RandomAccess.Read(file, target[length..], offset + length);
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        return length;
    }

    public void Dispose()
    {
        _compressed?.Dispose();
        if (_ownsPlain)
        {
            _plain!.Dispose();
        }
    }

    /// <summary>Reads the next bytes behind the last ones, of which as many as may be asked for stay; false at the end.</summary>
    bool TryReadOn()
    {
        if (_last.Length == 0)
        {
            _last = new byte[Window];
            _first.AsSpan(0, _firstLength).CopyTo(_last);
            _lastLength = _firstLength;
        }

        if (_lastLength == _last.Length)
        {
            _lastLength = Window / 2;
            _last.AsSpan(Window - _lastLength).CopyTo(_last);
        }

        var count = _compressed!.Read(_last.AsSpan(_lastLength));
        _lastLength += count;
        _read += count;
        return count > 0;
    }
}
