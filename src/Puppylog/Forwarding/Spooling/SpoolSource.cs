using System.Globalization;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Forwarding.Spooling;

/// <summary>
/// A spool as a source: read like a file, from the position that the server has. Ends when the source that fills the spool
/// has ended and all was read.
/// </summary>
sealed class SpoolSource : LogSource
{
    const int MostPeers = 4096;

    readonly Spool _spool;
    readonly Func<SpoolIntake?> _intake;
    readonly SourceContext _context;
    readonly SourceContent _content;
    // Each sender one object, as for a source that receives.
    readonly Dictionary<UInt128, SourcePeer?> _peers = [];
    byte[] _lines = [];
    SpoolPlace? _at;
    long _offset;

    /// <param name="intake">Who fills the spool now, another one after a failure; null where nobody does.</param>
    /// <param name="kept">The source whose lines these are, for its properties; null where it is not known any more.</param>
    public SpoolSource(Spool spool, LogSource? kept, Func<SpoolIntake?> intake, SourceContext context)
        : base(spool.Origin.Name)
    {
        _spool = spool;
        _intake = intake;
        Format = kept?.Format;
        HasWholeRecords = kept?.HasWholeRecords ?? false;
        Fields = kept?.Fields ?? [];
        _context = context;
        var source = SourceName(spool.Origin);
        var known = context.Positions.Find(source);
        spool.Generation = known is null ? 0 : known.Offset > spool.End ? known.Generation + 1 : known.Generation;
        var goesOn = known is not null && known.Generation == spool.Generation;
        if (goesOn)
        {
            spool.Acknowledge(known!.Offset);
        }

        _offset = goesOn ? Math.Max(known!.Offset, spool.Start) : spool.Start;
        _content = new SourceContent(source, spool.Origin.Name, spool.Generation, new ContentHead(0)) { LinesTaken = goesOn ? known!.Line : 0 };
        spool.Grown = context.Wake;
    }

    public override string? FilePath => _spool.Origin.Path;

    public override string? Format { get; }

    public override bool HasWholeRecords { get; }

    public override bool IsReadOut => true;

    public override long Remaining => _spool.Synced - _offset;

    /// <summary><c>spool:{id}</c>.</summary>
    public static string SourceName(SpoolOrigin origin) => $"spool:{origin.Id:N}";

    public override bool TryRead(out LineRun run)
    {
        run = default;
        // Asked first: what was appended before it ended is then seen below.
        var intake = _intake();
        var mayGrow = intake is { IsEnded: false };
        if (IsEnded || !_spool.TryRead(_offset, ref _at, ref _lines, out var frame))
        {
            if (!IsEnded && !mayGrow && _offset >= _spool.Synced)
            {
                End(intake?.Failure);
            }

            return false;
        }

        if (frame.Offset > _offset)
        {
            _context.Notice(string.Create(CultureInfo.InvariantCulture, $"{Name}: {frame.Offset - _offset} bytes of lines in the spool are damaged and lost"));
            _offset = frame.Offset;
        }

        var lines = _lines.AsSpan((int)(_offset - frame.Offset), (int)(frame.End - _offset));
        run = new(new() { Bytes = lines, Covered = lines.Length, Left = frame.Tag.Left, IsOneRecord = frame.Tag.IsOneRecord }, _content, _offset, Peer(frame.Tag));
        _offset = frame.End;
        return true;
    }

    void End(string? failure)
    {
        if (failure is not null)
        {
            Fail(failure);
        }

        IsEnded = true;
    }

    SourcePeer? Peer(SpoolTag tag)
    {
        if (tag.Peer != 0 && !_peers.TryGetValue(tag.Peer, out _))
        {
            if (_peers.Count >= MostPeers)
            {
                _peers.Clear();
            }

            _peers[tag.Peer] = tag.ToPeer();
        }

        return _peers.GetValueOrDefault(tag.Peer);
    }

    /// <summary>It ends when who fills it does.</summary>
    public override void Stop()
    {
    }

    /// <summary>Another may go on from here.</summary>
    public override void Dispose()
    {
        _spool.Grown = null;
        if (_content.At(_offset) is { Offset: > 0 } position)
        {
            _context.Positions.Note(position);
        }
    }

    protected override void LookNow()
    {
    }
}
