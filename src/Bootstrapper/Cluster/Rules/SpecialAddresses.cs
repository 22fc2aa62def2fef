using System.Net;

namespace Bootstrapper.Cluster.Rules;

/// <summary>Addresses to which Linux sends no packet, or which it takes for its own (RFC 6890).</summary>
/// <param name="What">Completes «its addresses are …».</param>
internal sealed record SpecialAddresses(IPNetwork Network, string What)
{
    public static readonly SpecialAddresses Own = new(IPNetwork.Parse("127.0.0.0/8"), "each machine's own"),
        LinkLocal = new(IPNetwork.Parse("169.254.0.0/16"), "link-local");

    private static readonly SpecialAddresses[] All =
    [
        new(IPNetwork.Parse("0.0.0.0/8"), "no machine's"), Own, LinkLocal,
        new(IPNetwork.Parse("224.0.0.0/4"), "for multicast"), new(IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    /// <returns>Some of a network's addresses; <c>null</c> for a network without any.</returns>
    public static SpecialAddresses? In(IPNetwork network) => Array.Find(All, special => special.Network.Overlaps(network));

    public static SpecialAddresses? Around(IPAddress address) => In(new IPNetwork(address, Ipv4.Bits));
}
