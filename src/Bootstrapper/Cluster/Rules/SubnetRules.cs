using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What <c>subnet</c> and <c>netmask</c> say of one network, each alone or both.</summary>
internal static class SubnetRules
{
    /// <summary>A network smaller than this holds a bootstrapper and no machine.</summary>
    private const int LongestPrefix = 30;

    public static IEnumerable<Problem> SubnetIsWhole(Draft draft) => draft.Cluster.Given(NetworkKeys.Subnet) is not { } subnet
        ? []
        : new[]
        {
            Missing(draft.Cluster, subnet.Value), Disagreement(draft.Cluster, subnet.Value), Misfit(draft.Cluster, subnet),
        }.OfType<Problem>().Take(1);

    /// <summary><c>null</c> where it is wrong: what follows from that is not reported.</summary>
    public static Stated<IPNetwork>? SoundSubnet(Draft draft) =>
        draft.Cluster.Given(NetworkKeys.Subnet) is { } subnet && PrefixLength(draft.Cluster, subnet.Value) is not null
            && !SubnetIsWhole(draft).Any()
            ? subnet.Saying(Network.SubnetOf(draft.Cluster))
            : null;

    private static Problem? Missing(Section cluster, SubnetText subnet) =>
        subnet.PrefixLength is null && !cluster.Has(NetworkKeys.Netmask) ? cluster.Missing(NetworkKeys.Netmask) : null;

    private static Problem? Disagreement(Section cluster, SubnetText subnet) =>
        subnet.PrefixLength is { } length && cluster.Given(NetworkKeys.Netmask) is { } netmask && netmask.Value != length
            ? netmask.Error($"{Ipv4.ToAddress(Ipv4.Mask(netmask.Value))} is /{netmask.Value}, but the subnet says /{length}")
            : null;

    private static Problem? Misfit(Section cluster, Stated<SubnetText> subnet)
    {
        if (PrefixLength(cluster, subnet.Value) is not { } length)
        {
            return null;
        }

        var first = Ipv4.First(subnet.Value.Address, length);
        return length > LongestPrefix ? subnet.Error($"a /{length} has no room for machines: /{LongestPrefix} is the smallest")
            : first != subnet.Value.Address.ToNumber()
                ? subnet.Error($"must be the first address of its network: {Ipv4.ToAddress(first)} with this netmask")
            : null;
    }

    private static int? PrefixLength(Section cluster, SubnetText subnet) =>
        subnet.PrefixLength ?? cluster.Given(NetworkKeys.Netmask)?.Value;
}
