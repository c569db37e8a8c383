using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>Tells whether a file, compressed or not, holds the content that a position is of.</summary>
sealed class ContentProbe : IDisposable
{
    readonly SafeFileHandle? _plain;
    readonly bool _ownsPlain;
    readonly Stream? _compressed;
    // The first bytes of what is compressed, and how far that has been read: it cannot be read backwards.
    readonly byte[] _first = [];
    readonly int _firstLength;
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

    public static ContentProbe Of(SafeFileHandle file) => new(file, owns: false);

    /// <summary>True where it holds the content, at least up to the position. Of a compressed file only positions that ascend can be asked for.</summary>
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

    /// <summary>Reads as many bytes as fit; false where there are less.</summary>
    public bool TryRead(long offset, Span<byte> target)
    {
        if (_plain is not null)
        {
            return ReadFully(_plain, target, offset) == target.Length;
        }

        if (offset < _firstLength)
        {
            var known = _first.AsSpan((int)offset, (int)Math.Min(target.Length, _firstLength - offset));
            known.CopyTo(target);
            target = target[known.Length..];
            offset += known.Length;
        }

        return target.IsEmpty || (offset >= _read && Skip(offset) && ReadOn(target) == target.Length);
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

    bool Skip(long offset)
    {
        var passed = new byte[64 << 10];
        while (_read < offset)
        {
            if (ReadOn(passed.AsSpan(0, (int)Math.Min(passed.Length, offset - _read))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    int ReadOn(Span<byte> target)
    {
        var count = _compressed!.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        _read += count;
        return count;
    }
}
