using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Support;

/// <summary>A small valid description for tests that are about something else.</summary>
internal static class Sample
{
    public static Node Node(int number = 1) => new()
    {
        Mac = new MacAddress(0x525400000000UL + (ulong)number),
        HostName = $"n{number}",
        Ip = new IPAddress([127, 0, (byte)(number >> 8), (byte)((number & 0xff) + 1)]),
        Channel = "stable",
    };

    /// <summary>On loopback, where a test can be any machine of the network by choosing its source address.</summary>
    public static ClusterDescription Cluster(params Node[] nodes) => new()
    {
        Bootstrapper = IPAddress.Loopback,
        Network = new Network
        {
            Subnet = IPNetwork.Parse("127.0.0.0/8"),
            Broadcast = IPAddress.Parse("127.255.255.255"),
            NameServers = [IPAddress.Loopback],
            Range = new DhcpRange(IPAddress.Parse("127.0.100.1"), IPAddress.Parse("127.0.100.200")),
        },
        Dhcp = new DhcpSettings(),
        DomainName = "lab.test",
        SshAuthorizedKeys = [$"{SampleKeys.One} operator@example"],
        Nodes = nodes.Length == 0 ? [Node()] : nodes,
    };
}
