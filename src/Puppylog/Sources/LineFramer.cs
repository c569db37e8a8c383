using System.Buffers;

namespace Puppylog.Sources;

/// <summary>
/// Finds whole lines in bytes that come in any pieces. Memory is bounded whatever the input: of a line that is longer than
/// the longest that is kept, the beginning is held and the rest passed over.
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
    // Its newline has come: the line's kept part ends at _keptEnd, the next line begins at _next. 0: no such line waits.
    int _keptEnd;
    int _next;

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
            _end = _searched = maxLine;
        }

        if (_buffer is null || _buffer.Length < _end + ReadSize)
        {
            Move(_end + ReadSize);
        }

        return _buffer.AsSpan(_end, ReadSize);
    }

    public void Advance(int count)
    {
        if (!_passing)
        {
            _end += count;
            return;
        }

        var newline = _buffer.AsSpan(_end, count).IndexOf((byte)'\n');
        if (newline < 0)
        {
            _left += count;
            return;
        }

        _passing = false;
        _left += newline;
        _keptEnd = _end;
        _next = _end + newline + 1;
        _end += count;
    }

    /// <summary>The next whole lines, valid until <see cref="Space"/>; false where none is complete.</summary>
    public bool TryTake(out FramedLines lines)
    {
        lines = default;
        if (_next > 0)
        {
            lines = new() { Bytes = Held(_start, _keptEnd), Left = _left, Covered = _keptEnd - _start + _left + 1 };
            _start = _searched = _next;
            _next = 0;
            _left = 0;
            return true;
        }

        if (_passing)
        {
            return false;
        }

        var last = Held(_searched, _end).LastIndexOf((byte)'\n');
        if (last < 0)
        {
            _searched = _end;
            return false;
        }

        var end = _searched + last + 1;
        lines = new() { Bytes = Held(_start, end), Covered = end - _start };
        _start = end;
        _searched = _end;
        return true;
    }

    /// <summary>Takes what is left as a last line without newline; false where nothing is left.</summary>
    public bool TryTakeRest(out FramedLines lines)
    {
        lines = new() { Bytes = Held(_start, _end), Left = _left, Covered = _end - _start + _left };
        _start = _searched = _end;
        _left = 0;
        _passing = false;
        return lines.Covered > 0;
    }

    /// <summary>Gives back the room that an idle source does not need. Invalidates the last lines.</summary>
    public void Trim()
    {
        if (_next > 0 || _buffer is null)
        {
            return;
        }

        if (_start == _end && !_passing)
        {
            Dispose();
        }
        else if (_buffer.Length >= 2 * (_end - _start) && _buffer.Length >= ReadSize)
        {
            Compact();
            Move(Math.Max(256, _end));
        }
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _start = _searched = _end = 0;
    }

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

    void Move(int size)
    {
        var target = ArrayPool<byte>.Shared.Rent(size);
        Held(0, _end).CopyTo(target);
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = target;
    }
}
