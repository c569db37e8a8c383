using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>
/// The parts of a line of Docker's json-file driver,
/// <c>{"log":"message\n","stream":"stdout","time":"2026-11-21T14:00:05.123456789Z"}</c>: a message without a newline at its end
/// goes on in the next line of its stream.
/// </summary>
readonly struct DockerLine
{
    /// <summary>Where the message's JSON text lies, without the newline at its end.</summary>
    public ByteSpan Log { get; private init; }

    /// <summary>The text has escapes.</summary>
    public bool IsEscaped { get; private init; }

    public ByteSpan Stream { get; private init; }

    public ByteSpan Time { get; private init; }

    /// <summary>What is written besides, for instance labels: JSON; absent where nothing is.</summary>
    public ByteSpan Attributes { get; private init; }

    public bool IsPartial { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> text, out DockerLine line)
    {
        line = default;
        ByteSpan log = ByteSpan.Absent, stream = ByteSpan.Absent, time = ByteSpan.Absent, attributes = ByteSpan.Absent;
        var isEscaped = false;
        var at = 0;
        if (text is not [(byte)'{', (byte)'"', ..])
        {
            return false;
        }

        while (at < text.Length && text[at] is (byte)'{' or (byte)',')
        {
            at++;
            if (at == text.Length || text[at] != '"' || !JsonText.TryFindEnd(text, at + 1, out var end, out _))
            {
                return false;
            }

            var name = text[(at + 1)..end];
            at = end + 1;
            if (at == text.Length || text[at] != ':')
            {
                return false;
            }

            at++;
            var start = at;
            if (JsonTokens.Skip(text, ref at, 1, out var kind, out var hasEscapes) is not null)
            {
                return false;
            }

            if (name.SequenceEqual("attrs"u8))
            {
                attributes = new(start, at - start);
                continue;
            }

            if (kind != ValueKind.Text)
            {
                return false;
            }

            var value = new ByteSpan(start + 1, at - start - 2);
            switch (name.Length)
            {
                case 3 when name.SequenceEqual("log"u8):
                    (log, isEscaped) = (value, hasEscapes);
                    break;
                case 6 when name.SequenceEqual("stream"u8):
                    stream = value;
                    break;
                case 4 when name.SequenceEqual("time"u8):
                    time = value;
                    break;
                default:
                    return false;
            }
        }

        if (log.IsAbsent || stream.IsAbsent || time.IsAbsent || at != text.Length - 1 || text[at] != '}')
        {
            return false;
        }

        var message = text.Slice(log.Offset, log.Length);
        var isPartial = !message.EndsWith("\\n"u8) || EndsInBackslash(message[..^1]);
        log = isPartial ? log : log with { Length = log.Length - 2 };
        line = new()
        {
            Log = log,
            IsEscaped = isEscaped && text.Slice(log.Offset, log.Length).Contains((byte)'\\'),
            Stream = stream,
            Time = time,
            Attributes = attributes,
            IsPartial = isPartial,
        };
        return true;
    }

    /// <summary>The backslash at the end is itself escaped, and the n behind it a letter.</summary>
    static bool EndsInBackslash(ReadOnlySpan<byte> text)
    {
        var before = text.LastIndexOfAnyExcept((byte)'\\');
        return (text.Length - 1 - before) % 2 == 0;
    }
}
