using System.Net;
using System.Text;

namespace Puppylog.Sources;

/// <summary>Who sends lines over the network.</summary>
sealed class SourcePeer(IPAddress address)
{
    public IPAddress Address { get; } = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The address as text.</summary>
    public byte[] AddressText => field ??= Encoding.ASCII.GetBytes(Address.ToString());

    public override string ToString() => Address.ToString();
}
