using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;

namespace Bootstrapper.Doctor;

/// <summary>A port that the program and its children listen on, and machines send to.</summary>
internal sealed record WantedPort(ProtocolType Protocol, int Number, string Use)
{
    public static IReadOnlyList<WantedPort> Of(ClusterDescription cluster) =>
    [
        .. Dhcp(cluster.Dhcp.Mode),
        new(ProtocolType.Udp, 69, "TFTP"),
        new(ProtocolType.Udp, 53, "DNS"),
        new(ProtocolType.Tcp, 53, "DNS"),
        new(ProtocolType.Tcp, cluster.Ports.Http, "HTTP"),
        new(ProtocolType.Tcp, cluster.Ports.Https, "HTTPS"),
        new(ProtocolType.Tcp, cluster.Ports.Registry, "the registry"),
    ];

    /// <summary>As firewalls write it: <c>udp</c> or <c>tcp</c>.</summary>
    public string ProtocolName => Protocol.ToString().ToLowerInvariant();

    public override string ToString() => $"{ProtocolName} port {Number} ({Use})";

    /// <summary>Whether somebody has it already.</summary>
    /// <exception cref="SocketException">Anything else is in the way, such as a lack of rights.</exception>
    public bool IsTaken(IPAddress address)
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork, Protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, Protocol);
        try
        {
            // requests come from machines without an address
            socket.Bind(new IPEndPoint(Number == 67 ? IPAddress.Any : address, Number));
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    private static IEnumerable<WantedPort> Dhcp(DhcpMode mode) => mode switch
    {
        DhcpMode.Server => [new(ProtocolType.Udp, 67, "DHCP")],
        DhcpMode.Proxy => [new(ProtocolType.Udp, 67, "DHCP"), new(ProtocolType.Udp, 4011, "PXE")],
        _ => [],
    };
}
