using System.Buffers;

namespace Puppylog.Sources.Syslog;

/// <summary>Messages in the order in which they came, each followed by a newline, and who sent them.</summary>
sealed class SyslogPiece : IDisposable
{
    /// <summary>Bytes with which a piece is handed on although more may come at once.</summary>
    public const int GoodSize = 64 << 10;

    readonly List<SyslogRun> _runs = [];
    byte[] _bytes = ArrayPool<byte>.Shared.Rent(4 << 10);

    public int Length { get; private set; }

    public bool IsFull => Length >= GoodSize || _runs.Count >= GoodSize / 16;

    public IReadOnlyList<SyslogRun> Runs => _runs;

    public ReadOnlySpan<byte> Bytes(SyslogRun run) => _bytes.AsSpan(run.Start, run.End - run.Start);

    /// <param name="left">Bytes that the message lost because it is too long.</param>
    public void Add(SourcePeer peer, ReadOnlySpan<byte> message, long left)
    {
        var start = Length;
        if (_bytes.Length < start + message.Length + 1)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(start + message.Length + 1, _bytes.Length * 2));
            _bytes.AsSpan(0, start).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        message.CopyTo(_bytes.AsSpan(start));
        Length = start + message.Length;
        if (left > 0 || message.Contains((byte)'\n'))
        {
            _runs.Add(new(peer, start, Length, left, IsOneRecord: true));
            return;
        }

        _bytes[Length++] = (byte)'\n';
        if (_runs is [.., { IsOneRecord: false } last] && ReferenceEquals(last.Peer, peer))
        {
            _runs[^1] = last with { End = Length };
        }
        else
        {
            _runs.Add(new(peer, start, Length, 0, IsOneRecord: false));
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
