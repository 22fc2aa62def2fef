using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Kubernetes;

namespace Bootstrapper.Rendering;

/// <summary>
/// The names that a cloud-config template may use for what all nodes share; <see cref="KubernetesModel"/> has the others. Where
/// sextant had a name for a thing it is kept, so that its templates need new brackets and no new words. Where there is nothing a
/// name gives <c>null</c> (<see cref="Absent"/>).
/// </summary>
internal sealed class ClusterModel
{
    /// <param name="digests">Of container images by their whole names, as far as they are known.</param>
    public ClusterModel(ClusterDescription cluster, IReadOnlyDictionary<string, string>? digests = null)
    {
        var masters = cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.KubeMaster)).ToList();
        var etcd = cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.EtcdMember)).ToList();
        Description = cluster;
        Kubernetes = new KubernetesModel(cluster, digests);
        KubeMasters = masters.ConvertAll(Peer).OrNull();
        EtcdMembers = etcd.ConvertAll(Peer).OrNull();
        MasterHostname = masters.FirstOrDefault()?.HostName;
        MasterIP = masters.FirstOrDefault()?.Ip?.ToString();
        MasterAddresses = ApiServerHosts.AddressesIn(cluster);
        InitialCluster = string.Join(',', etcd.Select(node => $"{node.HostName}={EtcdPeer.UrlOf(node, cluster)}")).OrNull();
        EtcdEndpoints = string.Join(',', etcd.Select(node => $"https://{EtcdPeer.HostOf(node, cluster)}:2379")).OrNull();
        MirroredRegistries = RegistryMirror.Of(cluster).OrNull();
        Registry = Urls.Registry(cluster);
        BootstrapperIP = cluster.Bootstrapper.ToString();
        BootstrapperURL = Urls.Base(cluster);
        BootstrapperHTTPS = Urls.Secure(cluster);
    }

    internal ClusterDescription Description { get; }

    internal KubernetesModel Kubernetes { get; }

    internal IReadOnlyList<IPAddress> MasterAddresses { get; }

    public IReadOnlyList<string>? SSHAuthorizedKeys => Description.SshAuthorizedKeys.OrNull();

    public string BootstrapperIP { get; }

    public string BootstrapperURL { get; }

    /// <summary>The same over TLS, with a certificate of the cluster's root.</summary>
    public string BootstrapperHTTPS { get; }

    public string Domain => Description.DomainName;

    public IReadOnlyList<string>? Routers => Texts(Description.Network.Routers);

    /// <summary>Whom nodes ask for names.</summary>
    public IReadOnlyList<string>? NameServers => Texts(Description.Network.NameServers);

    /// <summary>Whom nodes ask for the time.</summary>
    public IReadOnlyList<string>? NtpServers => Texts(Description.Network.NtpServers);

    public string Dockerdomain => Description.DockerDomain;

    /// <summary>Name and port, as image names begin.</summary>
    public string Registry { get; }

    /// <summary>For each <c>Host</c>, but our own, whose images our registry has under <c>Path</c>.</summary>
    public IReadOnlyList<RegistryModel>? MirroredRegistries { get; }

    public string OSName => Description.Os.Name.ToString();

    public string CoreOSVersion => Description.Os.Version;

    public string RebootStrategy => Description.Updates.RebootStrategy;

    /// <summary>None for any time.</summary>
    public string? StartTime => Description.Updates.WindowStart.OrNull();

    public string? TimeLength => Description.Updates.WindowLength.OrNull();

    public IReadOnlyList<PeerModel>? KubeMasters { get; }

    public IReadOnlyList<PeerModel>? EtcdMembers { get; }

    public string? MasterHostname { get; }

    /// <summary>None where the first control-plane node has no fixed address.</summary>
    public string? MasterIP { get; }

    /// <summary>As etcd's <c>--initial-cluster</c> takes it.</summary>
    public string? InitialCluster { get; }

    /// <summary>As etcd's clients take it: URLs with commas between.</summary>
    public string? EtcdEndpoints { get; }

    private static IReadOnlyList<string>? Texts(IReadOnlyList<IPAddress> addresses) =>
        addresses.Select(address => address.ToString()).ToList().OrNull();

    private PeerModel Peer(Node node) => new(node.HostName, EtcdPeer.HostOf(node, Description));
}

/// <summary>A node as the others see it.</summary>
/// <param name="Address">An IP address, or the full name of a node that has no fixed one.</param>
internal sealed record PeerModel(string Hostname, string Address);
