using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Addresses;

/// <summary>Which card DHCP gave which address.</summary>
internal interface ILeases
{
    MacAddress? Find(IPAddress address);

    /// <summary>What is leased now.</summary>
    IReadOnlyList<Lease> Current();
}
