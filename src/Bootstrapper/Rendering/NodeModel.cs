using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Model;
using Bootstrapper.Pki;
using Bootstrapper.Rendering.Kubernetes;
using Bootstrapper.Rendering.Stencils;

namespace Bootstrapper.Rendering;

/// <summary>
/// The names that a cloud-config template may use for one node; see <see cref="ClusterModel"/> for what all share.
/// </summary>
/// <param name="marks">Take the place of each value that only this node has, where a stencil is cut.</param>
internal sealed class NodeModel(
    Node node, ClusterModel shared, NodeSecrets secrets, KubernetesFiles files, Marks? marks = null)
{
    /// <summary>All names that the templates of a node begin with.</summary>
    internal object[] Scopes => [this, shared, shared.Kubernetes];

    public string Hostname => Own(node.HostName);

    public string Mac => Own(node.Mac.ToString());

    public string? IP => Own(node.Ip?.ToString());

    public string? Serial => Own(node.Serial?.Value.OrNull());

    public string? Profile => node.Profile.OrNull();

    public string Channel => node.Channel;

    public bool KubeMaster => node.Roles.HasFlag(NodeRoles.KubeMaster);

    public bool EtcdMember => node.Roles.HasFlag(NodeRoles.EtcdMember);

    public bool IngressLabel => node.Roles.HasFlag(NodeRoles.Ingress);

    public string? FlannelIface => node.FlannelInterface.OrNull();

    public IReadOnlyDictionary<string, object?>? Labels => node.Labels.MapOrNull(Absent.OrNull);

    public IReadOnlyDictionary<string, object?>? Variables => node.Variables.MapOrNull(Absent.OrNull);

    public string CaCrt => Own(secrets.RootPem);

    public string Crt => Own(secrets.Leaf.CertificatePem);

    public string Key => Own(secrets.Leaf.KeyPem);

    /// <summary>
    /// Everything under <c>/etc/kubernetes</c> that proves who the node is: each has Path, Permissions and Content.
    /// </summary>
    public IReadOnlyList<PkiFile>? PkiFiles => (marks is null ? Files : [.. Files.Select(Marked)]).OrNull();

    /// <summary>The roots among them, by Path, and by the Name under which we serve them.</summary>
    public IReadOnlyList<NodeRoot>? Roots => NodeRoot.Of(node).OrNull();

    /// <summary>The certificates among them, by Name, and by Path without <c>.crt</c>; each has the Path of its root.</summary>
    public IReadOnlyList<NodeLeaf>? Leaves => NodeLeaf.Of(node, shared.Description).ToList().OrNull();

    public string ReportURL => Own($"{shared.BootstrapperURL}/api/v1/report/{node.Mac}");

    /// <summary>What makes it a part of the cluster: each has Path, Permissions and Content.</summary>
    public IReadOnlyList<RenderedFile>? KubernetesFiles => files.Of(node, this).OrNull();

    /// <summary>
    /// As kubelet's <c>--node-labels</c> takes them; those that a kubelet may not give itself are in
    /// <see cref="KubernetesModel.LabelsByApi"/>.
    /// </summary>
    public string? NodeLabels => string.Join(',', node.Labels.Where(label => KubernetesLabel.IsForKubelets(label.Key))
        .Select(label => $"{label.Key}={label.Value}")
        .Concat(IngressLabel ? ["node.kubernetes.io/ingress=true"] : [])
        .Concat(shared.Kubernetes.Addons.Flannel && FlannelIface is not null
            ? [$"bootstrapper/flannel={new Flannel(FlannelIface).Name}"]
            : [])).OrNull();

    /// <summary>Lines of /etc/hosts with which it finds the API servers without our DNS.</summary>
    public string? APIServerHosts =>
        Own(ApiServerHosts.Of(node, shared.Description.Kubernetes.ApiEndpoint, shared.MasterAddresses).OrNull());

    /// <summary>
    /// Its address with the length of the network's prefix, for the operating system to hold while no DHCP server answers; none
    /// where DHCP is others', the address is any, or <see cref="NetworkFiles"/> say it.
    /// </summary>
    public string? StaticAddress =>
        shared.Description.Dhcp.Mode == DhcpMode.Server && node is { InstalledNetwork: null, Ip: { } address }
        ? Own($"{address}/{shared.Description.Network.Subnet.PrefixLength}")
        : null;

    /// <summary>
    /// Its cards, bonds, bridges and VLANs, as systemd-networkd reads them: each has Path, Permissions and Content.
    /// </summary>
    public IReadOnlyList<RenderedFile>? NetworkFiles
    {
        get
        {
            var units = Networkd.NetworkFiles.Of(node, shared.Description);
            return (marks is null || units.Count > OwnValues.MostNetworkFiles ? units : [.. units.Select(Marked)]).OrNull();
        }
    }

    /// <summary>Of a control plane: the addresses of the other ones, with spaces between.</summary>
    public string? OtherAPIServers => KubeMaster
        ? Own(string.Join(' ', shared.KubeMasters?.Where(master => master.Hostname != node.HostName)
            .Select(master => master.Address) ?? []).OrNull())
        : null;

    /// <summary>How etcd's other members reach this one.</summary>
    public string EtcdHost => Own(EtcdPeer.HostOf(node, shared.Description));

    /// <summary>What etcd listens on: its address, or all where that is not known before it boots.</summary>
    public string EtcdListen => Own(node.Ip?.ToString() ?? "0.0.0.0");

    /// <summary>Client URLs of the other members, with spaces between.</summary>
    public string? OtherEtcdEndpoints => Own(string.Join(
        ' ', shared.EtcdMembers?.Where(member => member.Hostname != node.HostName).Select(member =>
            $"https://{member.Address}:2379") ?? []).OrNull());

    private IReadOnlyList<PkiFile> Files => secrets.Files(node, shared.Description);

    /// <param name="name">Of the property that gives it.</param>
    [return: NotNullIfNotNull(nameof(value))]
    private string? Own(string? value, [CallerMemberName] string name = "") =>
        value is null || marks is null ? value : marks.For(OwnValues.NumberOf(name), value);

    private RenderedFile Marked(RenderedFile file, int index) =>
        file with { Content = marks!.For(OwnValues.NumberOfNetworkFile(index), file.Content) };

    private PkiFile Marked(PkiFile file, int index) =>
        file with { Content = marks!.For(OwnValues.NumberOfFile(index), file.Content) };
}
