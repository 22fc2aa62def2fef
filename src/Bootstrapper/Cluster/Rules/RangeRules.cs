using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The addresses that DHCP leases.</summary>
internal static class RangeRules
{
    private static readonly ValueKey<IPAddress>[] Ends = [DhcpKeys.Low, DhcpKeys.High];

    public static IEnumerable<Problem> RangeIsGivenToAServer(Draft draft) =>
        from key in Ends
        where DhcpSettings.ModeOf(draft.Cluster) == DhcpMode.Server && !draft.Cluster.Has(key)
        select draft.Cluster.Missing(key);

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

    public static IEnumerable<Problem> RangeLiesInSubnet(Draft draft)
    {
        var misfit = NetworkRules.Misfits(draft);
        return from end in Ends.Select(draft.Cluster.Given).OfType<Stated<IPAddress>>()
               let reason = misfit(end.Value)
               where reason is not null
               select end.Error(reason);
    }

    public static IEnumerable<Problem> RangeIsNotReversed(Draft draft)
    {
        if (draft.Cluster.Given(DhcpKeys.Low) is { } low && draft.Cluster.Given(DhcpKeys.High) is { } high
            && low.Value.ToNumber() > high.Value.ToNumber())
        {
            yield return high.Error($"{high.Value} is below iplow: {low.Value}");
        }
    }

    public static IEnumerable<Problem> RangeHoldsNoFixedAddress(Draft draft) =>
        SoundRange(draft) is not { } range
            ? []
            : from address in draft.Cluster.List(NetworkKeys.Routers).Prepend(draft.Cluster.Given(ClusterKeys.Bootstrapper)!)
              where address is not null
              where range.Contains(address.Value)
              select address.Error($"{address.Value} is inside the DHCP range: a machine could be given it");

    public static IEnumerable<Problem> RangeHasRoomForNodesWithoutAddress(Draft draft)
    {
        var homeless = draft.Nodes.Count(node => node.Own.Given(NodeKeys.Ip) is null);
        if (SoundRange(draft) is { } range && range.Count < homeless)
        {
            yield return draft.Cluster.Given(DhcpKeys.High)!.Warning(
                $"the DHCP range has {range.Count} addresses for {homeless} nodes without ip");
        }
    }

    /// <summary>
    /// <c>null</c> where DHCP is not ours, and where the range itself is wrong: what follows from that is not reported.
    /// </summary>
    public static DhcpRange? SoundRange(Draft draft) =>
        RangeIsNotReversed(draft).Any() || RangeLiesInSubnet(draft).Any() ? null : DhcpSettings.RangeOf(draft.Cluster);
}
