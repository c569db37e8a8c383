using Puppylog.Parsing.Json;
using Puppylog.Parsing.Multiline;

namespace Puppylog.Parsing.Containers;

/// <summary>Joins partial lines of a container's stream, and the stack traces and indented lines of what it wrote.</summary>
sealed class DockerJoin : LineJoin
{
    readonly MessageJoin[] _streams = [new(), new()];
    byte[] _message = new byte[1024];

    public override bool HasChannels => true;

    public override int Channel(ReadOnlySpan<byte> line) => line.LastIndexOf("\"stream\":\"stderr\""u8) >= 0 ? 1 : 0;

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        var text = line is [.., (byte)'\r'] ? line[..^1] : line;
        if (!DockerLine.TryRead(text, out var docker))
        {
            return _streams[0].Continues(line, isPartial: false);
        }

        var stream = _streams[Channel(line)];
        var message = text.Slice(docker.Log.Offset, docker.Log.Length);
        if (!docker.IsEscaped)
        {
            return stream.Continues(message, docker.IsPartial);
        }

        if (_message.Length < message.Length)
        {
            _message = new byte[message.Length * 2];
        }

        return stream.Continues(_message.AsSpan(0, JsonText.Unescape(message, _message)), docker.IsPartial);
    }

    public override void Reset()
    {
        foreach (var stream in _streams)
        {
            stream.Reset();
        }
    }
}
