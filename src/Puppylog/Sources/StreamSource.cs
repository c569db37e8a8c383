using System.Buffers;
using System.Threading.Channels;

namespace Puppylog.Sources;

/// <summary>
/// Bytes that come once: stdin or a device. A thread of its own reads, as opening and reading block; what it read waits in a
/// bounded channel, and when that is full the writer waits.
/// </summary>
/// <param name="open">Opens the stream; may block.</param>
sealed class StreamSource(string name, string? path, Func<Stream> open, SourceContext context) : LogSource(name)
{
    const int PieceSize = 256 << 10;
    const int Idle = 0;
    const int Reading = 1;
    const int Stopped = 2;

    readonly Channel<ArraySegment<byte>> _pieces = Channel.CreateBounded<ArraySegment<byte>>(4);
    readonly LineFramer _framer = new(context.MaxLine);
    readonly SourceContent _content = new(null, name, 0, new ContentHead(0));
    Thread? _thread;
    // What the thread does: it may stay in a read that blocks, and what that gives after Stop was never taken in.
    int _state;
    ArraySegment<byte> _piece;
    long _taken;

    public override string? FilePath => path;

    public override bool IsReplayable => false;

    protected override void LookNow()
    {
        if (_thread is null)
        {
            _thread = new Thread(ReadAll) { IsBackground = true, Name = "stream" };
            _framer.BeginAt(0, []);
            _thread.Start();
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        while (!IsEnded)
        {
            if (_framer.TryTake(out var lines))
            {
                run = Place(lines);
                return true;
            }

            if (TryFill())
            {
                continue;
            }

            if (!_pieces.Reader.Completion.IsCompleted)
            {
                _framer.Trim();
                return false;
            }

            if (_framer.TryTakeRest(out var rest))
            {
                run = Place(rest);
                return true;
            }

            IsEnded = true;
            if (_pieces.Reader.Completion.Exception?.InnerException is { } wrong)
            {
                Fail($"cannot read {Name}: {(wrong is UnauthorizedAccessException ? "permission denied" : wrong.Message)}");
            }
        }

        return false;
    }

    public override void Stop()
    {
        // A thread that has bytes in its hands hands them over and ends then.
        if (Interlocked.Exchange(ref _state, Stopped) == Reading || _thread is null)
        {
            _pieces.Writer.TryComplete();
        }
    }

    /// <summary>Stops reading. The thread may stay in a read that blocks; it does not keep the process.</summary>
    public override void Dispose()
    {
        Stop();
        _pieces.Writer.TryComplete();
        _framer.Dispose();
    }

    bool TryFill()
    {
        if (_piece.Count == 0 && !_pieces.Reader.TryRead(out _piece))
        {
            return false;
        }

        var space = _framer.Space();
        var count = Math.Min(space.Length, _piece.Count);
        _piece.AsSpan(0, count).CopyTo(space);
        _framer.Advance(count);
        if (count == _piece.Count)
        {
            ArrayPool<byte>.Shared.Return(_piece.Array!);
            _piece = default;
        }
        else
        {
            _piece = _piece[count..];
        }

        return true;
    }

    LineRun Place(FramedLines lines)
    {
        var run = new LineRun(lines, _content, _taken);
        _taken += lines.Covered;
        return run;
    }

    void ReadAll()
    {
        try
        {
            using var stream = open();
            ReadToEnd(stream);
            _pieces.Writer.TryComplete();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ObjectDisposedException or ChannelClosedException)
        {
            _pieces.Writer.TryComplete(wrong is ChannelClosedException ? null : wrong);
        }

        context.Wake();
    }

    void ReadToEnd(Stream stream)
    {
        while (Interlocked.CompareExchange(ref _state, Reading, Idle) == Idle)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
            var count = stream.Read(buffer, 0, PieceSize);
            if (Interlocked.CompareExchange(ref _state, Idle, Reading) != Reading || count == 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            // This thread has nothing else to do: it waits for room.
            _pieces.Writer.WriteAsync(new ArraySegment<byte>(buffer, 0, count)).AsTask().GetAwaiter().GetResult();
            context.Wake();
        }
    }
}
