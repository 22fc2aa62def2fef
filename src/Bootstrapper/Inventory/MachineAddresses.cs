using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory;

/// <summary>Tells which machine is behind an address: by what the description fixes, by what DHCP gave, by what the kernel sees on the wire.</summary>
internal sealed class MachineAddresses(LeaseFile leases, NeighbourTable neighbours)
{
    public bool IsAt(Node node, IPAddress address) =>
        node.Ip is { } ip && ip.Equals(address)
        || leases.Find(address) == node.Mac
        || neighbours.Find(address).Contains(node.Mac);

    /// <summary>For the record, where a wrong answer does no harm.</summary>
    public MacAddress? MachineAt(IPAddress address, NodeIndex nodes) =>
        leases.Find(address) ?? nodes.Find(address)?.Mac ?? neighbours.Find(address).Cast<MacAddress?>().FirstOrDefault();

    public Node? NodeAt(IPAddress address, NodeIndex nodes) =>
        nodes.Find(address)
        ?? (leases.Find(address) is { } leased ? nodes.Find(leased) : null)
        ?? neighbours.Find(address).Select(nodes.Find).FirstOrDefault(node => node is not null);
}
