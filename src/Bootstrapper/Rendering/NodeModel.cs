using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Pki;
using Bootstrapper.Rendering.Kubernetes;

namespace Bootstrapper.Rendering;

/// <summary>The names that a cloud-config template may use for one node; see <see cref="ClusterModel"/> for what all share.</summary>
internal sealed class NodeModel(Node node, ClusterModel shared, NodeSecrets secrets, TemplateSet templates)
{
    public string Hostname => node.HostName;

    public string Mac => node.Mac.ToString();

    /// <summary>Empty for a node without a fixed address.</summary>
    public string IP => node.Ip?.ToString() ?? "";

    public string Serial => node.Serial?.Value ?? "";

    public string Profile => node.Profile ?? "";

    public string Channel => node.Channel;

    public bool KubeMaster => node.Roles.HasFlag(NodeRoles.KubeMaster);

    public bool EtcdMember => node.Roles.HasFlag(NodeRoles.EtcdMember);

    public bool IngressLabel => node.Roles.HasFlag(NodeRoles.Ingress);

    public string FlannelIface => node.FlannelInterface ?? "";

    public IReadOnlyDictionary<string, string> Labels => node.Labels;

    public IReadOnlyDictionary<string, string> Variables => node.Variables;

    public string CaCrt => secrets.RootPem;

    public string Crt => secrets.Leaf.CertificatePem;

    public string Key => secrets.Leaf.KeyPem;

    /// <summary>Everything under <c>/etc/kubernetes</c> that proves who the node is: each has Path, Permissions and Content.</summary>
    public IReadOnlyList<PkiFile> PkiFiles => secrets.Files(node, shared.Cluster);

    /// <summary>The roots among them, by Path, and by the Name under which we serve them.</summary>
    public IReadOnlyList<NodeRoot> Roots => NodeRoot.Of(node);

    /// <summary>The certificates among them, by Name, and by Path without <c>.crt</c>; each has the Path of its root.</summary>
    public IReadOnlyList<NodeLeaf> Leaves => [.. NodeLeaf.Of(node, shared.Cluster)];

    public IReadOnlyList<string> SSHAuthorizedKeys => shared.Cluster.SshAuthorizedKeys;

    public string BootstrapperIP => shared.Cluster.Bootstrapper.ToString();

    public string BootstrapperURL => shared.BootstrapperURL;

    /// <summary>The same over TLS, with a certificate of the cluster's root.</summary>
    public string BootstrapperHTTPS => Urls.Secure(shared.Cluster);

    public string ReportURL => $"{shared.BootstrapperURL}/api/v1/report/{node.Mac}";

    public string Domain => shared.Cluster.DomainName;

    public string Dockerdomain => shared.Cluster.DockerDomain;

    /// <summary>Name and port, as image names begin.</summary>
    public string Registry => shared.Registry;

    /// <summary>For each <c>Host</c> whose images our registry has under <c>Path</c>.</summary>
    public IReadOnlyList<RegistryModel> MirroredRegistries => shared.MirroredRegistries;

    public string OSName => shared.Cluster.Os.Name.ToString();

    public string CoreOSVersion => shared.Cluster.Os.Version;

    public string RebootStrategy => shared.Cluster.Updates.RebootStrategy;

    /// <summary>Empty for any time.</summary>
    public string StartTime => shared.Cluster.Updates.WindowStart ?? "";

    public string TimeLength => shared.Cluster.Updates.WindowLength ?? "";

    public string FlannelBackend => shared.Cluster.Kubernetes.FlannelBackend switch
    {
        Cluster.FlannelBackend.HostGw => "host-gw",
        Cluster.FlannelBackend.Udp => "udp",
        _ => "vxlan",
    };

    public string K8sServiceClusterIPRange => shared.Cluster.Kubernetes.ServiceCidr.ToString();

    public string K8sClusterDNS => shared.Cluster.Kubernetes.ClusterDns.ToString();

    /// <summary>By the part they play, as our registry names them.</summary>
    public IReadOnlyDictionary<string, string> Images => shared.Kubernetes.Images;

    public string KubernetesVersion => shared.Kubernetes.Version;

    public bool Sysext => shared.Kubernetes.IsSysext;

    public string ClusterName => shared.Kubernetes.ClusterName;

    public string PodCIDR => shared.Kubernetes.PodCIDR;

    public string ApiURL => shared.Kubernetes.ApiURL;

    public string FeatureGates => shared.Kubernetes.FeatureGates;

    /// <summary>Each has Name and Interface.</summary>
    public IReadOnlyList<Flannel> Flannels => shared.Kubernetes.Flannels;

    public IReadOnlyList<FeatureGate> FeatureGateList => shared.Kubernetes.FeatureGateList;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraArgs => shared.Kubernetes.ExtraArgs;

    /// <summary>What makes it a part of the cluster: each has Path, Permissions and Content.</summary>
    public IReadOnlyList<RenderedFile> KubernetesFiles => Kubernetes.KubernetesFiles.Of(node, this, shared.Kubernetes, templates);

    /// <summary>As kubelet's <c>--node-labels</c> takes them; a kubelet may give itself labels outside kubernetes.io, and of node.kubernetes.io.</summary>
    public string NodeLabels => string.Join(',', node.Labels.Select(label => $"{label.Key}={label.Value}")
        .Concat(IngressLabel ? ["node.kubernetes.io/ingress=true"] : [])
        .Concat(shared.Kubernetes.HasFlannel && FlannelIface.Length > 0 ? [$"bootstrapper/flannel={new Flannel(FlannelIface).Name}"] : []));

    /// <summary>How etcd's other members reach this one.</summary>
    public string EtcdHost => shared.Host(node);

    /// <summary>What etcd listens on: its address, or all where that is not known before it boots.</summary>
    public string EtcdListen => node.Ip?.ToString() ?? "0.0.0.0";

    /// <summary>Client URLs of the other members, with spaces between.</summary>
    public string OtherEtcdEndpoints => string.Join(' ', shared.EtcdMembers.Where(member => member.Hostname != node.HostName).Select(member => $"https://{member.Address}:2379"));

    public IReadOnlyList<PeerModel> KubeMasters => shared.KubeMasters;

    public IReadOnlyList<PeerModel> EtcdMembers => shared.EtcdMembers;

    public string MasterHostname => shared.MasterHostname;

    public string MasterIP => shared.MasterIP;

    public string InitialCluster => shared.InitialCluster;

    public string EtcdEndpoints => shared.EtcdEndpoints;
}
