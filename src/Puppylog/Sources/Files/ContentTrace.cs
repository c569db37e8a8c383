using Microsoft.Win32.SafeHandles;

namespace Puppylog.Sources.Files;

/// <summary>What is remembered of a content that is read from a file, to tell whether the file still holds it.</summary>
/// <param name="born">The time of birth of the file's inode: nanoseconds since 1970; 0 where it is unknown.</param>
sealed class ContentTrace(SafeFileHandle file, long born)
{
    // Up to 256 bytes, and where they end: at Read, or, of a file that waits for its turn, at its end.
    byte[] _tail = [];
    long _tailEnd;
    bool _isEnded;

    public ContentHead Head { get; } = new(born);

    /// <summary>The last bytes that are known of it, before <see cref="KnownEnd"/>.</summary>
    public ReadOnlySpan<byte> Tail => _tail;

    /// <summary>How far it was read, or seen while it waits for its turn.</summary>
    public long KnownEnd => _tailEnd;

    /// <summary>Bytes read from the content's beginning.</summary>
    public long Read { get; private set; }

    /// <summary>Takes note of bytes that were read at the end of what was read before.</summary>
    public void Note(ReadOnlySpan<byte> bytes)
    {
        if (Read == 0)
        {
            _tail = [];
        }

        Head.Note(Read, bytes);
        NoteTail(bytes);
        _tailEnd = Read += bytes.Length;
    }

    /// <summary>Reading goes on at an offset: the bytes before it are taken note of.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void GoOnAt(long offset)
    {
        Read = offset;
        NoteEnds(offset);
    }

    /// <summary>Takes note of the first and last bytes of a file that waits for its turn: should it be cut, its copy is found by them.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void NoteWaiting(long size)
    {
        if (Read == 0 && size > _tailEnd)
        {
            NoteEnds(size);
        }
    }

    /// <summary>The file holds another content from now on.</summary>
    public void End() => _isEnded = true;

    /// <summary>Tells by the first bytes and by the last ones that were read.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool IsHeld()
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.HeadLength];
        var beginning = bytes[..Head.Length];
        if (ContentProbe.ReadFully(file, beginning, 0) < beginning.Length || !beginning.SequenceEqual(Head.Bytes))
        {
            return false;
        }

        return _tail.Length == 0 || _tailEnd <= Head.Length || EndsAsKnown();
    }

    /// <summary>
    /// Tells by the last bytes that are known. A file is filled from its beginning: while these stand, what was read behind
    /// them belongs to the same content.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool EndsAsKnown()
    {
        Span<byte> end = stackalloc byte[_tail.Length];
        return ContentProbe.ReadFully(file, end, _tailEnd - end.Length) == end.Length && end.SequenceEqual(_tail);
    }

    /// <summary>As <see cref="TailReader"/>.</summary>
    public bool TryReadTail(long offset, Span<byte> tail)
    {
        var end = _tail.Length - (_tailEnd - offset);
        if (offset <= _tailEnd && end >= tail.Length)
        {
            _tail.AsSpan((int)end - tail.Length, tail.Length).CopyTo(tail);
            return true;
        }

        try
        {
            // Cut meanwhile, the file may hold other bytes there.
            return !_isEnded && !file.IsClosed && ContentProbe.ReadFully(file, tail, offset - tail.Length) == tail.Length && EndsAsKnown();
        }
        catch (IOException)
        {
            return false;
        }
    }

    void NoteEnds(long end)
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.HeadLength];
        if (Head.Length < Math.Min(end, bytes.Length))
        {
            var head = bytes[..(int)Math.Min(end, bytes.Length)];
            Head.Note(0, head[..ContentProbe.ReadFully(file, head, 0)]);
        }

        var tail = bytes[..(int)Math.Min(end, Fingerprint.TailLength)];
        if (ContentProbe.ReadFully(file, tail, end - tail.Length) == tail.Length)
        {
            _tail = tail.ToArray();
            _tailEnd = end;
        }
    }

    void NoteTail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Fingerprint.TailLength || _tail.Length + bytes.Length <= Fingerprint.TailLength)
        {
            var kept = bytes.Length >= Fingerprint.TailLength ? 0 : _tail.Length;
            bytes = bytes[Math.Max(0, bytes.Length - Fingerprint.TailLength)..];
            Array.Resize(ref _tail, kept + bytes.Length);
            bytes.CopyTo(_tail.AsSpan(kept));
            return;
        }

        var before = Fingerprint.TailLength - bytes.Length;
        var tail = _tail.Length == Fingerprint.TailLength ? _tail : new byte[Fingerprint.TailLength];
        _tail.AsSpan(_tail.Length - before).CopyTo(tail);
        bytes.CopyTo(tail.AsSpan(before));
        _tail = tail;
    }
}
