using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>Puts together what <c>subnet</c> and <c>netmask</c> say of one network, each alone or both.</summary>
internal static class SubnetReader
{
    /// <summary>A network smaller than this holds a bootstrapper and no machine.</summary>
    private const int LongestPrefix = 30;

    public static Stated<IPNetwork>? Read(YamlMap map, Findings findings)
    {
        var subnet = map.Get(ClusterKeys.Subnet);
        var netmask = subnet is { Value.PrefixLength: null } ? map.Require(ClusterKeys.Netmask) : map.Given(ClusterKeys.Netmask);
        var problem = Disagreement(subnet, netmask) ?? Misfit(subnet, netmask);
        if (problem is not null)
        {
            findings.Problems.Add(problem);
        }

        return problem is null && subnet is not null && PrefixLength(subnet, netmask) is { } length
            ? subnet.Select(text => new IPNetwork(text.Address, length))
            : null;
    }

    private static Problem? Disagreement(Stated<SubnetText>? subnet, Stated<int>? netmask) =>
        subnet?.Value.PrefixLength is { } length && netmask is not null && netmask.Value != length
            ? netmask.Error($"{Ipv4.ToAddress(Ipv4.Mask(netmask.Value))} is /{netmask.Value}, but the subnet says /{length}")
            : null;

    private static Problem? Misfit(Stated<SubnetText>? subnet, Stated<int>? netmask)
    {
        if (subnet is null || PrefixLength(subnet, netmask) is not { } length)
        {
            return null;
        }

        var first = Ipv4.First(subnet.Value.Address, length);
        return length > LongestPrefix ? subnet.Error($"a /{length} has no room for machines: /{LongestPrefix} is the smallest")
            : first != subnet.Value.Address.ToNumber()
                ? subnet.Error($"must be the first address of its network: {Ipv4.ToAddress(first)} with this netmask")
            : null;
    }

    private static int? PrefixLength(Stated<SubnetText> subnet, Stated<int>? netmask) =>
        subnet.Value.PrefixLength ?? netmask?.Value;
}
