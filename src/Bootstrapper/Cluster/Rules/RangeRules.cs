using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The addresses that DHCP leases.</summary>
internal static class RangeRules
{
    private static readonly ValueKey<IPAddress>[] Ends = [DhcpKeys.Low, DhcpKeys.High];

    public static IEnumerable<Problem> RangeIsGivenToAServer(Draft draft) =>
        from network in draft.Networks
        from key in Ends
        where DhcpSettings.ModeOf(draft.Cluster) == DhcpMode.Server && !network.Has(key)
        select network.Missing(key);

    public static IEnumerable<Problem> StartPxeAgreesWithDhcp(Draft draft)
    {
        if (draft.Cluster.Given(DhcpKeys.StartPxe) is { } startPxe
            && DhcpSettings.AreContradictory(draft.Cluster.Given(DhcpKeys.Dhcp), startPxe))
        {
            yield return startPxe.Error("contradicts dhcp; leave one of the two out");
        }
    }

    public static IEnumerable<Problem> BuiltInServerServes(Draft draft)
    {
        if (draft.Cluster.Given(DhcpKeys.Engine) is { Value: DhcpEngine.BuiltIn } engine
            && DhcpSettings.ModeOf(draft.Cluster) is DhcpMode.Proxy or DhcpMode.Off)
        {
            yield return engine.Error("the built-in server gives out addresses, which dhcp leaves to another one: "
                + "leave this key out, or set 'dhcp: server'");
        }
    }

    public static IEnumerable<Problem> RangesLieInTheirSubnets(Draft draft) => draft.Networks.SelectMany(Strays);

    public static IEnumerable<Problem> RangesAreNotReversed(Draft draft) =>
        draft.Networks.Select(Reversed).OfType<Problem>();

    public static IEnumerable<Problem> RangesHoldNoFixedAddress(Draft draft) =>
        from network in draft.Networks
        let range = SoundRange(network)
        where range is not null
        from address in network.List(NetworkKeys.Routers).Prepend(NetworkRules.AddressIn(network)!)
        where address is not null && range.Contains(address.Value)
        select address.Error($"{address.Value} is inside the DHCP range: a machine could be given it");

    /// <summary>Which network a node without an address is in may be said by nobody: the first stands for it.</summary>
    public static IEnumerable<Problem> RangesHaveRoomForNodesWithoutAddress(Draft draft)
    {
        var homeless = draft.Nodes.Where(node => node.Own.Given(NodeKeys.Ip) is null)
            .CountBy(node => InstalledNetwork.NameIn(node.Whole ?? node.Own)?.Value ?? "", StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        foreach (var (place, network) in draft.Networks.Index())
        {
            var count = (network.Mine(NetworkKeys.Name) is { } name ? homeless.GetValueOrDefault(name.Value) : 0)
                + (place == 0 ? homeless.GetValueOrDefault("") : 0);
            if (SoundRange(network) is { } range && range.Count < count)
            {
                yield return network.Given(DhcpKeys.High)!.Warning(
                    $"the DHCP range has {range.Count} addresses for {count} nodes without ip");
            }
        }
    }

    /// <summary>
    /// <c>null</c> where DHCP is not ours, and where the range itself is wrong: what follows from that is not reported.
    /// </summary>
    public static DhcpRange? SoundRange(Section network) =>
        Reversed(network) is not null || Strays(network).Any() ? null : DhcpSettings.RangeOf(network);

    private static IEnumerable<Problem> Strays(Section network)
    {
        var misfit = NetworkRules.MisfitsIn(network);
        return from end in Ends.Select(network.Given).OfType<Stated<IPAddress>>()
               let reason = misfit(end.Value)
               where reason is not null
               select end.Error(reason);
    }

    private static Problem? Reversed(Section network) =>
        network.Given(DhcpKeys.Low) is { } low && network.Given(DhcpKeys.High) is { } high
            && low.Value.ToNumber() > high.Value.ToNumber()
            ? high.Error($"{high.Value} is below iplow: {low.Value}")
            : null;
}
