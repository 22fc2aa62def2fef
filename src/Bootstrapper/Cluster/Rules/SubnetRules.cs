using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What <c>subnet</c> and <c>netmask</c> say of one network, each alone or both.</summary>
internal static class SubnetRules
{
    /// <summary>A network smaller than this holds a bootstrapper and no machine.</summary>
    private const int LongestPrefix = 30;

    public static IEnumerable<Problem> SubnetsAreWhole(Draft draft) => draft.Networks.SelectMany(Faults);

    /// <summary>A machine that is in two networks gets the options of either.</summary>
    public static IEnumerable<Problem> SubnetsDoNotOverlap(Draft draft)
    {
        var inOrder = draft.Networks.Select(SoundSubnet).OfType<Stated<IPNetwork>>()
            .OrderBy(subnet => subnet.Value.BaseAddress.ToNumber()).ThenBy(subnet => subnet.Value.PrefixLength).ToList();
        return from pair in inOrder.Zip(inOrder.Skip(1))
               where pair.First.Value.Overlaps(pair.Second.Value)
               let firstIsLater = InFile(pair.First).CompareTo(InFile(pair.Second)) > 0
               let later = firstIsLater ? pair.First : pair.Second
               let earlier = firstIsLater ? pair.Second : pair.First
               select later.Error($"{later.Value} overlaps {earlier.Path}, {earlier.Value}");
    }

    private static (long Line, long Column) InFile(Place place) => (place.At.Line, place.At.Column);

    /// <summary><c>null</c> where it is wrong: what follows from that is not reported.</summary>
    public static Stated<IPNetwork>? SoundSubnet(Section network) =>
        network.Given(NetworkKeys.Subnet) is { } subnet && PrefixLength(network, subnet.Value) is not null
            && !Faults(network).Any()
            ? subnet.Saying(Network.SubnetOf(network))
            : null;

    private static IEnumerable<Problem> Faults(Section network) =>
        !network.Has(NetworkKeys.Subnet) ? [network.Missing(NetworkKeys.Subnet)]
        : network.Given(NetworkKeys.Subnet) is not { } subnet ? []
        : new[] { Missing(network, subnet.Value), Disagreement(network, subnet.Value), Misfit(network, subnet) }
            .OfType<Problem>().Take(1);

    private static Problem? Missing(Section network, SubnetText subnet) =>
        subnet.PrefixLength is null && !network.Has(NetworkKeys.Netmask) ? network.Missing(NetworkKeys.Netmask) : null;

    private static Problem? Disagreement(Section network, SubnetText subnet) =>
        subnet.PrefixLength is { } length && network.Given(NetworkKeys.Netmask) is { } netmask && netmask.Value != length
            ? netmask.Error($"{Ipv4.ToAddress(Ipv4.Mask(netmask.Value))} is /{netmask.Value}, but the subnet says /{length}")
            : null;

    private static Problem? Misfit(Section network, Stated<SubnetText> subnet)
    {
        if (PrefixLength(network, subnet.Value) is not { } length)
        {
            return null;
        }

        var first = Ipv4.First(subnet.Value.Address, length);
        return length > LongestPrefix ? subnet.Error($"a /{length} has no room for machines: /{LongestPrefix} is the smallest")
            : first != subnet.Value.Address.ToNumber()
                ? subnet.Error($"must be the first address of its network: {Ipv4.ToAddress(first)} with this netmask")
            : Special(network, new IPNetwork(subnet.Value.Address, length)) is { } special
                ? subnet.Error($"has addresses that are {special.What}: {special.Network}")
            : null;
    }

    /// <summary>On the loopback alone a description is tried; what is link-local is a network, if an odd one.</summary>
    private static SpecialAddresses? Special(Section network, IPNetwork subnet) =>
        SpecialAddresses.In(subnet) is { } special && special != SpecialAddresses.LinkLocal
            && (special != SpecialAddresses.Own || network.Mine(NetworkKeys.Name) is not null)
            ? special
            : null;

    private static int? PrefixLength(Section network, SubnetText subnet) =>
        subnet.PrefixLength ?? network.Given(NetworkKeys.Netmask)?.Value;
}
