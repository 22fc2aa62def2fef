using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>What the file says of the network; <c>null</c> is what it does not say, or not in a way that could be read.</summary>
internal sealed record NetworkDraft
{
    public required Stated<IPAddress>? Bootstrapper { get; init; }

    public required Stated<IPNetwork>? Subnet { get; init; }

    public required Stated<IPAddress>? Broadcast { get; init; }

    public required IReadOnlyList<Stated<IPAddress>> Routers { get; init; }

    public required IReadOnlyList<Stated<IPAddress>> NameServers { get; init; }

    public required IReadOnlyList<IPAddress> UpstreamNameServers { get; init; }

    /// <summary><c>null</c> where the file leaves it to <see cref="SetNtp"/>.</summary>
    public required IReadOnlyList<Stated<IPAddress>>? NtpServers { get; init; }

    public required bool SetNtp { get; init; }

    public required Stated<string>? Interface { get; init; }

    public required Stated<string>? DomainName { get; init; }

    public required Stated<string>? DockerDomain { get; init; }

    public required IReadOnlyList<Stated<int>> Ports { get; init; }

    public required Stated<RegistryPush>? RegistryPush { get; init; }

    public required IReadOnlyList<Stated<IPNetwork>> OperatorsFrom { get; init; }

    public static NetworkDraft Read(YamlMap map, Findings findings) => new()
    {
        Bootstrapper = map.Get(ClusterKeys.Bootstrapper),
        Subnet = SubnetReader.Read(map, findings),
        Broadcast = map.Given(ClusterKeys.Broadcast),
        Routers = map.List(ClusterKeys.Routers),
        NameServers = map.List(ClusterKeys.NameServers),
        UpstreamNameServers = [.. map.List(ClusterKeys.UpstreamNameServers).Select(server => server.Value)],
        NtpServers = map.Has(ClusterKeys.NtpServers) ? map.List(ClusterKeys.NtpServers) : null,
        SetNtp = map.Get(ClusterKeys.SetNtp)?.Value ?? false,
        Interface = map.Get(ClusterKeys.Interface),
        DomainName = map.Get(ClusterKeys.DomainName),
        DockerDomain = map.Get(ClusterKeys.DockerDomain),
        Ports = [.. new[] { ClusterKeys.HttpPort, ClusterKeys.HttpsPort, ClusterKeys.RegistryPort }.Select(map.Get)
            .OfType<Stated<int>>()],
        RegistryPush = map.Get(ClusterKeys.RegistryPush),
        OperatorsFrom = map.List(ClusterKeys.OperatorsFrom),
    };
}
