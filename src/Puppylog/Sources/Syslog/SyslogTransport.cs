namespace Puppylog.Sources.Syslog;

enum SyslogTransport
{
    /// <summary>A message is a datagram: RFC 5426.</summary>
    Udp,

    /// <summary>RFC 6587.</summary>
    Tcp,

    /// <summary>RFC 5425; framing as over TCP.</summary>
    Tls,
}
