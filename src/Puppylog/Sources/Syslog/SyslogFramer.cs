using System.Buffers;

namespace Puppylog.Sources.Syslog;

/// <summary>
/// Finds messages in the bytes of one connection. How a message is framed is told at its first bytes: <c>123 &lt;</c> begins
/// one whose length is said (RFC 6587 §3.4.1), all else ends at its newline (§3.4.2). Memory is bounded by the longest message
/// that is kept; the rest of a longer one is passed over.
/// </summary>
/// <param name="most">Bytes of a message that are kept.</param>
sealed class SyslogFramer(int most) : IDisposable
{
    /// <summary>Digits of a length: what says more is no length, but a line that begins with a number.</summary>
    const int MostDigits = 7;

    public const int FirstSize = 4 << 10;

    byte[]? _buffer;
    // What is held: [_start, _end); of the message at _start no newline is before _searched.
    int _start;
    int _searched;
    int _end;
    // Of the message at _start, whose length is said: the bytes to come, those held included; -1 where a newline ends it.
    long _length = -1;
    bool _isBegun;
    // Bytes of it that were passed over.
    long _left;

    /// <summary>Room for the next bytes. To be called when <see cref="TryTake"/> has nothing more.</summary>
    /// <param name="wanted">Bytes that are likely to come.</param>
    public Memory<byte> Space(int wanted = FirstSize)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_buffer is null || _buffer.Length - _end < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_end + wanted);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            Return();
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    /// <summary>The next message, valid until <see cref="Space"/>; false where none is complete.</summary>
    /// <param name="left">Bytes of it that are missing because it is too long.</param>
    public bool TryTake(out ReadOnlySpan<byte> message, out long left)
    {
        while (_isBegun || TryBegin())
        {
            if (!(_length < 0 ? TryEndLine(out message, out left) : TryEndCounted(out message, out left)))
            {
                return false;
            }

            // Some senders count a newline in, some say a length of nothing.
            message = message is [.., (byte)'\n'] && left == 0 ? message[..^1] : message;
            if (!message.IsEmpty)
            {
                return true;
            }
        }

        message = default;
        left = 0;
        return false;
    }

    /// <summary>What came of a message whose end never did; false where nothing did.</summary>
    public bool TryTakeRest(out ReadOnlySpan<byte> message, out long left)
    {
        message = _buffer.AsSpan(_start, Math.Min(_end - _start, most));
        left = _left + (_length >= 0 ? _length - message.Length : _end - _start - message.Length);
        _start = _searched = _end;
        _isBegun = false;
        return !message.IsEmpty;
    }

    /// <summary>Gives back the room that a silent connection does not need. Invalidates the last message.</summary>
    public void Trim()
    {
        if (_start == _end)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        Return();
        _start = _searched = _end = 0;
    }

    /// <summary>Tells how the message is framed whose first bytes are held; false where there are too few of them.</summary>
    bool TryBegin()
    {
        // What may stand between messages: the newline behind a counted one, a NUL as some have it.
        while (_start < _end && _buffer![_start] is (byte)'\n' or (byte)'\r' or 0)
        {
            _start++;
        }

        _searched = _start;
        _left = 0;
        var held = _buffer.AsSpan(_start, _end - _start);
        if (held.IsEmpty)
        {
            return false;
        }

        var digits = 0;
        long length = 0;
        while (digits < held.Length && digits <= MostDigits && held[digits] is >= (byte)'0' and <= (byte)'9')
        {
            length = (length * 10) + held[digits++] - '0';
        }

        if (digits is 0 or > MostDigits || held[0] == '0')
        {
            return BeginLine();
        }

        if (digits + 1 >= held.Length)
        {
            // The space and what follows it have not come; a line cannot be shorter than what is held, unless it ends here.
            return digits < held.Length && held[digits] != ' ' && BeginLine();
        }

        if (held[digits] != ' ' || held[digits + 1] != '<')
        {
            return BeginLine();
        }

        _start += digits + 1;
        _searched = _start;
        _length = length;
        _isBegun = true;
        return true;
    }

    bool BeginLine()
    {
        _length = -1;
        _isBegun = true;
        return true;
    }

    bool TryEndLine(out ReadOnlySpan<byte> message, out long left)
    {
        var newline = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (newline >= 0)
        {
            var end = _searched + newline;
            message = _buffer.AsSpan(_start, Math.Min(end - _start, most));
            left = _left + end - _start - message.Length;
            Next(end + 1);
            return true;
        }

        if (_end - _start > most)
        {
            _left += _end - _start - most;
            _end = _start + most;
        }

        _searched = _end;
        message = default;
        left = 0;
        return false;
    }

    bool TryEndCounted(out ReadOnlySpan<byte> message, out long left)
    {
        var held = _end - _start;
        if (held < _length)
        {
            // Of a longer one the end is not kept, only counted.
            var passed = Math.Max(0, held - most);
            _end -= passed;
            _left += passed;
            _length -= passed;
            message = default;
            left = 0;
            return false;
        }

        message = _buffer.AsSpan(_start, (int)Math.Min(_length, most));
        left = _left + _length - message.Length;
        Next(_start + (int)_length);
        return true;
    }

    void Next(int start)
    {
        _start = _searched = start;
        _isBegun = false;
        _length = -1;
    }

    void Return()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }
}
