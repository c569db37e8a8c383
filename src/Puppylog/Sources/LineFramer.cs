using System.Buffers;

namespace Puppylog.Sources;

/// <summary>
/// Finds whole lines in bytes that come in any pieces. Memory is bounded whatever the input: of a line that is longer than
/// the longest that is kept, the beginning is held and the rest passed over. Where <see cref="BeginAt"/> says that a text
/// comes which may have a byte order mark, lines come without it, and decoded.
/// </summary>
/// <param name="maxLine">Bytes of a line that are kept, its newline not counted. Longer ones may still come whole.</param>
sealed class LineFramer(int maxLine) : IDisposable
{
    /// <summary>Room that is offered for each read: what is read is still in the processor's near cache when it is copied into a batch.</summary>
    public const int ReadSize = 256 << 10;

    byte[]? _buffer;
    // What is held: [_start, _end), without a newline before _searched.
    int _start;
    int _searched;
    int _end;
    // The line at _start outgrew maxLine: its further bytes are only counted, in _left, until its newline comes.
    bool _passing;
    long _left;
    // Bytes of the input that this line stands for so far.
    long _covered;
    // Its newline has come: the line's kept part ends at _keptEnd, the next line begins at _next. 0: no such line waits.
    int _keptEnd;
    int _next;
    // What is held is the beginning of a text and has to tell its encoding before it is searched.
    bool _isBeginning;
    // Bytes that come next and are no text: the rest of a mark, or of a unit of which the first half was given as U+FFFD.
    int _skip;
    // Bytes of the input before the next line that were no text.
    int _lead;
    // Where the input is UTF-16; it is read into _raw.
    Utf16Decoder? _decoder;
    byte[]? _raw;
    // What was told of the decoder's replacements.
    long _replaced;

    /// <summary>What comes next stands at an offset of a text. Forgets what is held.</summary>
    /// <param name="offset">In bytes.</param>
    /// <param name="beginning">The text's first bytes, as many as a byte order mark has; needed where it does not begin here.</param>
    public void BeginAt(long offset, ReadOnlySpan<byte> beginning)
    {
        Dispose();
        _passing = false;
        _left = _covered = 0;
        _next = _lead = 0;
        _isBeginning = offset == 0;
        var mark = _isBeginning ? default : ByteOrderMark.Of(beginning);
        SetEncoding(mark.Encoding);
        _skip = offset < mark.Length && !_isBeginning ? mark.Length - (int)offset
            : _decoder is null ? 0
            : (int)((offset - mark.Length) % 2);
    }

    /// <summary>
    /// Room for the next bytes; <see cref="Advance"/> says how many came. To be called when <see cref="TryTake"/> has nothing
    /// more. Invalidates the last lines.
    /// </summary>
    public Span<byte> Space()
    {
        Compact();
        if (!_passing && _end > maxLine)
        {
            _passing = true;
            _left = _end - maxLine;
            _covered = InputLength(Held(0, _end));
            _end = _searched = maxLine;
        }

        if (_decoder is null)
        {
            Reserve(ReadSize);
            return _buffer.AsSpan(_end, ReadSize);
        }

        _raw ??= ArrayPool<byte>.Shared.Rent(ReadSize);
        return _raw.AsSpan(0, ReadSize);
    }

    public void Advance(int count)
    {
        if (_decoder is not null)
        {
            Decode(_raw.AsSpan(0, count));
        }
        else if (_isBeginning)
        {
            _end += count;
            FindEncoding();
        }
        else
        {
            var skipped = Skip(count);
            if (skipped > 0)
            {
                _buffer.AsSpan(_end + skipped, count - skipped).CopyTo(_buffer.AsSpan(_end));
            }

            Take(count - skipped);
        }
    }

    /// <summary>The next whole lines, valid until <see cref="Space"/>; false where none is complete.</summary>
    public bool TryTake(out FramedLines lines) => TryTake(out lines, isOne: false);

    /// <summary>The next whole line, as <see cref="TryTake(out FramedLines)"/>.</summary>
    public bool TryTakeLine(out FramedLines line) => TryTake(out line, isOne: true);

    /// <summary>Takes what is left as a last line without newline; false where nothing is left.</summary>
    public bool TryTakeRest(out FramedLines lines)
    {
        var half = 0;
        if (_decoder is { Waiting: > 0 })
        {
            half = _decoder.Waiting % 2;
            Reserve(Utf16Decoder.MaxLength(0));
            Take(_decoder.Finish(_buffer.AsSpan(_end)));
        }

        var bytes = Held(_start, _end);
        lines = Lines(bytes, (_passing ? _covered : InputLength(bytes)) - half, _left);
        _start = _searched = _end;
        _left = _covered = 0;
        _passing = false;
        _isBeginning &= lines.Covered == 0;
        _skip += half;
        return lines.Covered > 0;
    }

    /// <summary>Gives back the room that an idle source does not need. Invalidates the last lines.</summary>
    public void Trim()
    {
        if (_next > 0)
        {
            return;
        }

        if (_start == _end && !_passing)
        {
            Dispose();
            return;
        }

        Return(ref _raw);
        if (_buffer is not null && _buffer.Length >= 2 * (_end - _start) && _buffer.Length >= ReadSize)
        {
            Compact();
            Move(Math.Max(256, _end));
        }
    }

    public void Dispose()
    {
        Return(ref _buffer);
        Return(ref _raw);
        _start = _searched = _end = 0;
    }

    bool TryTake(out FramedLines lines, bool isOne)
    {
        lines = default;
        if (_next > 0)
        {
            lines = Lines(Held(_start, _keptEnd), _covered, _left);
            _start = _searched = _next;
            _next = 0;
            _left = _covered = 0;
            return true;
        }

        if (_passing || _isBeginning)
        {
            return false;
        }

        var unsearched = Held(_searched, _end);
        var last = isOne ? unsearched.IndexOf((byte)'\n') : unsearched.LastIndexOf((byte)'\n');
        if (last < 0)
        {
            _searched = _end;
            return false;
        }

        var end = _searched + last + 1;
        var bytes = Held(_start, end);
        lines = Lines(bytes, InputLength(bytes), 0);
        _start = end;
        _searched = isOne ? end : _end;
        return true;
    }

    FramedLines Lines(ReadOnlySpan<byte> bytes, long covered, long left)
    {
        var replaced = _decoder?.Replaced ?? 0;
        var lines = new FramedLines
        {
            Bytes = bytes,
            Covered = _lead + covered,
            Left = left,
            Lead = _lead,
            IsDecoded = _decoder is not null,
            Replaced = replaced - _replaced,
        };
        _lead = 0;
        _replaced = replaced;
        return lines;
    }

    /// <summary>Looks for a byte order mark in what is held, once enough is there.</summary>
    void FindEncoding()
    {
        var held = Held(0, _end);
        if (ByteOrderMark.MayFollow(held))
        {
            return;
        }

        _isBeginning = false;
        var mark = ByteOrderMark.Of(held);
        _lead = _start = _searched = mark.Length;
        SetEncoding(mark.Encoding);
        if (_decoder is not null)
        {
            var raw = held[mark.Length..].ToArray();
            _start = _searched = _end = 0;
            Decode(raw);
        }
    }

    void SetEncoding(TextEncoding encoding)
    {
        _decoder = encoding == TextEncoding.Utf8 ? null : new(encoding);
        _replaced = 0;
    }

    void Decode(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[Skip(bytes.Length)..];
        Reserve(Utf16Decoder.MaxLength(bytes.Length));
        Take(_decoder!.Decode(bytes, _buffer.AsSpan(_end)));
    }

    /// <summary>How many of the bytes that came are no text.</summary>
    int Skip(int count)
    {
        var skipped = Math.Min(_skip, count);
        _skip -= skipped;
        _lead += skipped;
        return skipped;
    }

    /// <summary>Takes in text that stands behind what is held.</summary>
    void Take(int count)
    {
        if (!_passing)
        {
            _end += count;
            return;
        }

        var text = Held(_end, _end + count);
        var newline = text.IndexOf((byte)'\n');
        if (newline < 0)
        {
            _left += count;
            _covered += InputLength(text);
            return;
        }

        _passing = false;
        _left += newline;
        _covered += InputLength(text[..(newline + 1)]);
        _keptEnd = _end;
        _next = _end + newline + 1;
        _end += count;
    }

    long InputLength(ReadOnlySpan<byte> text) => FramedLines.InputLength(text, _decoder is not null);

    ReadOnlySpan<byte> Held(int start, int end) => _buffer.AsSpan(start, end - start);

    void Compact()
    {
        if (_start > 0)
        {
            Held(_start, _end).CopyTo(_buffer);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }
    }

    void Reserve(int room)
    {
        if (_buffer is null || _buffer.Length < _end + room)
        {
            Move(_end + room);
        }
    }

    void Move(int size)
    {
        var target = ArrayPool<byte>.Shared.Rent(size);
        Held(0, _end).CopyTo(target);
        Return(ref _buffer);
        _buffer = target;
    }

    static void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }
    }
}
