using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Puppylog.Sources.Syslog;

/// <summary>Where syslog messages are listened for: <c>syslog:tls://0.0.0.0:6514?cert=FILE&amp;key=FILE</c>.</summary>
/// <param name="Certificate">The certificate that is shown, and its chain, as PEM.</param>
/// <param name="ClientAuthority">Certificates of which one must have signed the sender's, as PEM; null where it needs none.</param>
/// <param name="MostConnections">Connections that are held at the most.</param>
/// <param name="IdleTime">A connection that was silent for longer is closed.</param>
sealed record SyslogAddress(
    SyslogTransport Transport,
    IPEndPoint EndPoint,
    string? Certificate = null,
    string? Key = null,
    string? ClientAuthority = null,
    int MostConnections = SyslogAddress.DefaultMostConnections,
    TimeSpan? IdleTime = null)
{
    public const string Prefix = "syslog:";
    public const int DefaultMostConnections = 1024;

    public static readonly TimeSpan DefaultIdleTime = TimeSpan.FromHours(1);

    /// <param name="name">The source as it was named.</param>
    /// <exception cref="FormatException">It is not such an address; the message says why.</exception>
    public static SyslogAddress Parse(string name)
    {
        var rest = name.AsSpan(Prefix.Length);
        var scheme = rest.IndexOf("://");
        var transport = (scheme < 0 ? "" : rest[..scheme]) switch
        {
            "udp" => SyslogTransport.Udp,
            "tcp" => SyslogTransport.Tcp,
            "tls" => SyslogTransport.Tls,
            _ => throw new FormatException($"'{name}' is not like syslog:udp://0.0.0.0:514, syslog:tcp://… or syslog:tls://…"),
        };
        rest = rest[(scheme + 3)..];
        var question = rest.IndexOf('?');
        var place = question < 0 ? rest : rest[..question];
        var address = new SyslogAddress(transport, ParseEndPoint(name, place.TrimEnd('/'), transport == SyslogTransport.Tls ? 6514 : 514));
        if (question >= 0)
        {
            address = address.WithSettings(name, rest[(question + 1)..].ToString());
        }

        return transport != SyslogTransport.Tls || (address.Certificate is not null && address.Key is not null)
            ? address
            : throw new FormatException($"'{name}' needs a certificate and its key: syslog:tls://0.0.0.0:6514?cert=FILE&key=FILE");
    }

    /// <summary>The same name with the paths of its files made others, where they are written relative to something.</summary>
    public static string WithPaths(string name, Func<string, string> pathOf)
    {
        var question = name.IndexOf('?', StringComparison.Ordinal);
        if (question < 0)
        {
            return name;
        }

        var settings = name[(question + 1)..].Split('&').Select(setting =>
            setting.Split('=', 2) is ["cert" or "key" or "client_ca", { Length: > 0 } path] pair && Uri.UnescapeDataString(path) is var file && pathOf(file) is var found && found != file
                ? $"{pair[0]}={Uri.EscapeDataString(found).Replace("%2F", "/", StringComparison.Ordinal)}"
                : setting);
        return $"{name[..question]}?{string.Join('&', settings)}";
    }

    static IPEndPoint ParseEndPoint(string name, ReadOnlySpan<char> place, int defaultPort)
    {
        var colon = place.LastIndexOf(':');
        var hasPort = colon >= 0 && place.LastIndexOf(']') < colon;
        var host = hasPort ? place[..colon] : place;
        var port = defaultPort;
        if (hasPort && (!int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort))
        {
            throw new FormatException($"'{name}': '{place[(colon + 1)..]}' is not a port");
        }

        var literal = host is ['[', .., ']'] ? host[1..^1] : host;
        var address = literal is "localhost" ? IPAddress.Loopback : literal is "" or "*" ? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any) : null;
        return address is not null || IPAddress.TryParse(literal, out address)
            ? new(address, port)
            : throw new FormatException($"'{name}': '{literal}' is not an address; write 0.0.0.0 for all of this machine");
    }

    SyslogAddress WithSettings(string name, string settings)
    {
        var address = this;
        foreach (var setting in settings.Split('&'))
        {
            var equals = setting.IndexOf('=');
            var value = equals < 0 ? "" : Uri.UnescapeDataString(setting[(equals + 1)..]);
            address = (equals < 0 ? setting : setting[..equals], Transport) switch
            {
                ("cert", SyslogTransport.Tls) => address with { Certificate = value },
                ("key", SyslogTransport.Tls) => address with { Key = value },
                ("client_ca", SyslogTransport.Tls) => address with { ClientAuthority = value },
                ("connections", SyslogTransport.Tcp or SyslogTransport.Tls) => address with { MostConnections = Number(name, value, 1, 100_000) },
                ("idle", SyslogTransport.Tcp or SyslogTransport.Tls) => address with { IdleTime = TimeSpan.FromSeconds(Number(name, value, 1, 10_000_000)) },
                _ => throw new FormatException($"'{name}': there is no setting '{setting}'; there are cert, key and client_ca for tls, connections and idle (seconds) for tcp and tls"),
            };
        }

        return address;
    }

    static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"'{name}': '{value}' is not a number from {least} to {most}");
}
