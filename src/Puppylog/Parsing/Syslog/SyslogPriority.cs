namespace Puppylog.Parsing.Syslog;

/// <summary>What the number before a syslog message says (RFC 5424 §6.2.1): facility × 8 + severity.</summary>
static class SyslogPriority
{
    /// <summary>The keywords of <c>syslog.conf</c>; 13 to 15 as rsyslog and Linux name them.</summary>
    static readonly byte[][] Facilities =
    [
        .. "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7"
            .Split(' ').Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    static readonly byte[][] Severities = [.. "emerg alert crit err warning notice info debug".Split(' ').Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Reads <c>&lt;34&gt;</c> at the beginning; its length, 0 where there is none.</summary>
    public static int TryRead(ReadOnlySpan<byte> text, out int priority)
    {
        priority = 0;
        if (text is not [(byte)'<', >= (byte)'0' and <= (byte)'9', ..])
        {
            return 0;
        }

        for (var at = 1; at < text.Length && at <= 4; at++)
        {
            if (text[at] == '>')
            {
                return at > 1 && priority <= 191 ? at + 1 : 0;
            }

            var digit = (uint)(text[at] - '0');
            if (digit > 9)
            {
                return 0;
            }

            priority = (priority * 10) + (int)digit;
        }

        return 0;
    }

    public static ReadOnlySpan<byte> Facility(int priority) => Facilities[priority >> 3];

    public static ReadOnlySpan<byte> Severity(int priority) => Severities[priority & 7];
}
