using Puppylog.Parsing.Multiline;

namespace Puppylog.Parsing.Containers;

/// <summary>Joins partial lines of a container's stream, and the stack traces and indented lines of what it wrote.</summary>
sealed class CriJoin : LineJoin
{
    readonly MessageJoin[] _streams = [new(), new()];

    public override bool HasChannels => true;

    public override int Channel(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return space >= 0 && line.Length > space + 4 && line[space + 4] == 'e' ? 1 : 0;
    }

    public override bool Continues(ReadOnlySpan<byte> line) =>
        CriLine.TryRead(line, out var cri)
            ? _streams[cri.IsError ? 1 : 0].Continues(line[cri.MessageStart..], cri.IsPartial)
            : _streams[Channel(line)].Continues(line, isPartial: false);

    public override void Reset()
    {
        foreach (var stream in _streams)
        {
            stream.Reset();
        }
    }
}
