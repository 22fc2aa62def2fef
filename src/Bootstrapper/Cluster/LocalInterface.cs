using System.Net;
using System.Net.NetworkInformation;

namespace Bootstrapper.Cluster;

/// <summary>A network interface of the host that the program runs on.</summary>
internal sealed record LocalInterface(string Name, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>LOOPBACK_IFINDEX of the kernel.</summary>
    public const int LoopbackIndex = 1;

    /// <summary>The kernel's number for it; 0 where it has none.</summary>
    public int Index { get; init; }

    public static IReadOnlyList<LocalInterface> All() => [.. NetworkInterface.GetAllNetworkInterfaces().Select(Of)];

    private static LocalInterface Of(NetworkInterface network)
    {
        var properties = network.GetIPProperties();
        return new(network.Name, [.. properties.UnicastAddresses.Select(unicast => unicast.Address)])
        {
            Index = network.Supports(NetworkInterfaceComponent.IPv4) ? properties.GetIPv4Properties().Index : 0,
        };
    }
}
