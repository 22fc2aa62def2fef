using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>The addresses that DHCP leases.</summary>
internal static class RangeRules
{
    public static IEnumerable<Problem> RangeLiesInSubnet(Draft draft) =>
        from end in Ends(draft.Dhcp)
        let reason = NetworkRules.Unfit(end.Value, draft.Network)
        where reason is not null
        select end.Error(reason);

    public static IEnumerable<Problem> RangeIsNotReversed(Draft draft)
    {
        if (draft.Dhcp is { Low: { } low, High: { } high } && low.Value.ToNumber() > high.Value.ToNumber())
        {
            yield return high.Error($"{high.Value} is below iplow: {low.Value}");
        }
    }

    public static IEnumerable<Problem> RangeHoldsNoFixedAddress(Draft draft) =>
        SoundRange(draft) is not { } range
            ? []
            : from address in draft.Network.Routers.Prepend(draft.Network.Bootstrapper).OfType<Stated<IPAddress>>()
              where range.Contains(address.Value)
              select address.Error($"{address.Value} is inside the DHCP range: a machine could be given it");

    public static IEnumerable<Problem> RangeHasRoomForNodesWithoutAddress(Draft draft)
    {
        var homeless = draft.Nodes.Count(node => node.Ip is null);
        if (SoundRange(draft) is { } range && range.Count < homeless)
        {
            yield return draft.Dhcp.High!.Warning($"the DHCP range has {range.Count} addresses for {homeless} nodes without ip");
        }
    }

    /// <summary>
    /// <c>null</c> where DHCP is not ours, and where the range itself is wrong: what follows from that is not reported.
    /// </summary>
    public static DhcpRange? SoundRange(Draft draft) =>
        draft.Dhcp is { Mode: DhcpMode.Server, Low: { } low, High: { } high }
            && !RangeIsNotReversed(draft).Any() && !RangeLiesInSubnet(draft).Any()
            ? new DhcpRange(low.Value, high.Value)
            : null;

    private static IEnumerable<Stated<IPAddress>> Ends(DhcpDraft dhcp) =>
        new[] { dhcp.Low, dhcp.High }.OfType<Stated<IPAddress>>();
}
