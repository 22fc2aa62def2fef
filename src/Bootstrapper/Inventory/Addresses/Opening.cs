using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>The first frame of a connection, kept by the kernel: who sent it, whatever ARP says now.</summary>
/// <param name="Card">
/// From which it came; <c>null</c> where the kernel did not keep it (under a flood of them, with SYN cookies), or where it came
/// over no Ethernet.
/// </param>
internal sealed record Opening(MacAddress? Card);
