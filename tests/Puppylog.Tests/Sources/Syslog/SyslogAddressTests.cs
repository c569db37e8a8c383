using Puppylog.Sources.Syslog;

namespace Puppylog.Tests.Sources.Syslog;

public sealed class SyslogAddressTests
{
    [Theory]
    [InlineData("syslog:udp://0.0.0.0:514", "Udp 0.0.0.0:514")]
    [InlineData("syslog:tcp://127.0.0.1", "Tcp 127.0.0.1:514")]
    [InlineData("syslog:tcp://[::1]:1514", "Tcp [::1]:1514")]
    [InlineData("syslog:tcp://[::]", "Tcp [::]:514")]
    [InlineData("syslog:udp://localhost:0/", "Udp 127.0.0.1:0")]
    [InlineData("syslog:tls://0.0.0.0?cert=/a%20b&key=/k", "Tls 0.0.0.0:6514 /a b /k")]
    [InlineData("syslog:tls://0.0.0.0?cert=/a&key=/k&client_ca=/c", "Tls 0.0.0.0:6514 /a /k /c")]
    public void Address_is_read(string name, string expected)
    {
        var address = SyslogAddress.Parse(name);
        var files = new[] { address.Certificate, address.Key, address.ClientAuthority }.OfType<string>();
        Assert.Equal(expected, string.Join(' ', files.Prepend($"{address.Transport} {address.EndPoint}")));
    }

    [Fact]
    public void Bounds_of_connections_are_read()
    {
        var address = SyslogAddress.Parse("syslog:tcp://0.0.0.0?connections=10&idle=60");
        Assert.Equal((10, TimeSpan.FromMinutes(1)), (address.MostConnections, address.IdleTime));
    }

    [Theory]
    [InlineData("syslog:", "is not like syslog:udp://")]
    [InlineData("syslog:http://0.0.0.0", "is not like syslog:udp://")]
    [InlineData("syslog:udp://example.org", "'example.org' is not an address")]
    [InlineData("syslog:udp://0.0.0.0:x", "'x' is not a port")]
    [InlineData("syslog:udp://0.0.0.0:70000", "'70000' is not a port")]
    [InlineData("syslog:udp://0.0.0.0?cert=x", "there is no setting 'cert=x'")]
    [InlineData("syslog:tcp://0.0.0.0?idle=0", "'0' is not a number from 1")]
    [InlineData("syslog:tls://0.0.0.0", "needs a certificate and its key")]
    public void Mistake_is_named(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => SyslogAddress.Parse(name)).Message, StringComparison.Ordinal);
}
