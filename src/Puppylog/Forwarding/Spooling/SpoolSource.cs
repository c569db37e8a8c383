using System.Globalization;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Forwarding.Spooling;

/// <summary>
/// A spool as a source: read like a file, from the position that the server has. Ends when the source that fills the spool
/// has ended and all was read.
/// </summary>
/// <param name="isFilled">True while more may be appended.</param>
sealed class SpoolSource : LogSource
{
    readonly Spool _spool;
    readonly Func<bool> _isFilled;
    readonly SourceContext _context;
    readonly SourceContent _content;
    byte[] _lines = [];
    SpoolPlace? _at;
    long _offset;

    public SpoolSource(Spool spool, Func<bool> isFilled, SourceContext context)
        : base(spool.Origin.Name)
    {
        _spool = spool;
        _isFilled = isFilled;
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

    public override long Remaining => _spool.Synced - _offset;

    /// <summary><c>spool:{id}</c>.</summary>
    public static string SourceName(SpoolOrigin origin) => $"spool:{origin.Id:N}";

    public override bool TryRead(out LineRun run)
    {
        run = default;
        // Asked first: what was appended before it ended is then seen below.
        var isFilled = _isFilled();
        if (IsEnded || !_spool.TryRead(_offset, ref _at, ref _lines, out var frame))
        {
            IsEnded |= !isFilled && _offset >= _spool.Synced;
            return false;
        }

        if (frame.Offset > _offset)
        {
            _context.Notice(string.Create(CultureInfo.InvariantCulture, $"{Name}: {frame.Offset - _offset} bytes of lines in the spool are damaged and lost"));
            _offset = frame.Offset;
        }

        var lines = _lines.AsSpan((int)(_offset - frame.Offset), (int)(frame.End - _offset));
        run = new(new() { Bytes = lines, Covered = lines.Length, Left = frame.Left }, _content, _offset);
        _offset = frame.End;
        return true;
    }

    public override void Dispose()
    {
        _spool.Grown = null;
    }

    protected override void LookNow()
    {
    }
}
