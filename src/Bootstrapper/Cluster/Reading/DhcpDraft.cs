using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What the file says of DHCP.</summary>
internal sealed record DhcpDraft
{
    /// <summary><c>null</c> when <c>dhcp</c> or <c>start_pxe</c> could not be read, or contradict each other.</summary>
    public required DhcpMode? Mode { get; init; }

    public required Stated<IPAddress>? Low { get; init; }

    public required Stated<IPAddress>? High { get; init; }

    public required Stated<TimeSpan>? Lease { get; init; }

    public static DhcpDraft Read(YamlMap map, Findings findings)
    {
        var mode = ReadMode(map, findings);
        return new DhcpDraft
        {
            Mode = mode,
            Low = mode == DhcpMode.Server ? map.Require(ClusterKeys.Low) : map.Given(ClusterKeys.Low),
            High = mode == DhcpMode.Server ? map.Require(ClusterKeys.High) : map.Given(ClusterKeys.High),
            Lease = map.Get(ClusterKeys.Lease),
        };
    }

    private static DhcpMode? ReadMode(YamlMap map, Findings findings)
    {
        var (dhcp, startPxe) = (map.Given(ClusterKeys.Dhcp), map.Given(ClusterKeys.StartPxe));
        if ((map.Has(ClusterKeys.Dhcp) && dhcp is null) || (map.Has(ClusterKeys.StartPxe) && startPxe is null))
        {
            return null;
        }

        if (dhcp is not null && startPxe is not null && startPxe.Value == (dhcp.Value == DhcpMode.Off))
        {
            findings.Problems.Add(startPxe.Error("contradicts dhcp; leave one of the two out"));
            return null;
        }

        return dhcp?.Value ?? (startPxe is { Value: false } ? DhcpMode.Off : DhcpMode.Server);
    }
}
