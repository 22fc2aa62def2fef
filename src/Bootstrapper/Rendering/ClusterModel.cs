using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Kubernetes;

namespace Bootstrapper.Rendering;

/// <summary>
/// The names that a cloud-config template may use for what all nodes share. Where sextant had a name for a thing it is kept,
/// so that its templates need new brackets and no new words.
/// </summary>
internal sealed class ClusterModel
{
    public ClusterModel(ClusterDescription cluster)
    {
        var masters = cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.KubeMaster)).ToList();
        var etcd = cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.EtcdMember)).ToList();
        Cluster = cluster;
        BootstrapperURL = Urls.Base(cluster);
        Registry = Urls.Registry(cluster);
        MirroredRegistries = RegistryMirror.Of(cluster);
        KubeMasters = [.. masters.Select(Peer)];
        EtcdMembers = [.. etcd.Select(Peer)];
        MasterHostname = masters.FirstOrDefault()?.HostName ?? "";
        MasterIP = masters.FirstOrDefault()?.Ip?.ToString() ?? "";
        InitialCluster = string.Join(',', etcd.Select(node => $"{node.HostName}=https://{Host(node)}:2380"));
        EtcdEndpoints = string.Join(',', etcd.Select(node => $"https://{Host(node)}:2379"));
        Kubernetes = new KubernetesModel(cluster);
    }

    public ClusterDescription Cluster { get; }

    public KubernetesModel Kubernetes { get; }

    public string BootstrapperURL { get; }

    public string Registry { get; }

    /// <summary>The registries that the cluster's images come from, but for our own.</summary>
    public IReadOnlyList<RegistryModel> MirroredRegistries { get; }

    public IReadOnlyList<PeerModel> KubeMasters { get; }

    public IReadOnlyList<PeerModel> EtcdMembers { get; }

    public string MasterHostname { get; }

    /// <summary>Empty where the first control-plane node has no fixed address.</summary>
    public string MasterIP { get; }

    /// <summary>As etcd's <c>--initial-cluster</c> takes it.</summary>
    public string InitialCluster { get; }

    /// <summary>As etcd's clients take it: URLs with commas between.</summary>
    public string EtcdEndpoints { get; }

    private PeerModel Peer(Node node) => new(node.HostName, Host(node));

    /// <summary>How the others reach a node: its address, or its full name where it has no fixed one.</summary>
    public string Host(Node node) => node.Ip?.ToString() ?? $"{node.HostName}.{Cluster.DomainName}";
}

/// <summary>A node as the others see it.</summary>
/// <param name="Address">An IP address, or the full name of a node that has no fixed one.</param>
internal sealed record PeerModel(string Hostname, string Address);
