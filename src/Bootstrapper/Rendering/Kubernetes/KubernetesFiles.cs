using System.Collections.Frozen;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Manifests;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Kubernetes;

/// <summary>
/// What makes a node a part of the cluster, by its roles: each file from a template of its own, so that an operator can
/// replace one and keep the rest.
/// </summary>
internal sealed class KubernetesFiles(ClusterModel shared, TemplateSet templates)
{
    private const string Kubernetes = "/etc/kubernetes";

    /// <summary>Each file in it is applied to the cluster.</summary>
    private const string AddonsFolder = $"{Kubernetes}/addons";

    /// <summary>As the CIS benchmark has what the control plane and the kubelet are configured with.</summary>
    public const string OfRootAlone = "0600";

    private static readonly IReadOnlyList<Planned> All =
    [
        new($"{Kubernetes}/kubelet.yaml", "kubelet.yaml", Always),
        new("/etc/containerd/config.toml", "containerd.toml", Always) { Permissions = Readable },
        new("/etc/containerd/config-3.toml", "containerd-3.toml", Always) { Behind = "containerd.toml", Permissions = Readable },
        new("/opt/bootstrapper/fetch-binaries", "fetch-binaries", (_, shared) => !shared.Sysext) { Permissions = Program },
        new("/opt/bootstrapper/fetch-sysext", "fetch-sysext", (_, shared) => shared.Sysext) { Permissions = Program },
        new("/opt/bootstrapper/renew", "renew", Always) { Permissions = Program },
        new($"{Kubernetes}/etcd.yaml", "etcd.yaml", IsEtcdMember),
        new("/opt/bootstrapper/etcd-join", "etcd-join", IsEtcdMember) { Permissions = Program },
        new($"{Kubernetes}/authentication.yaml", "authentication.yaml", IsMaster),
        new($"{Kubernetes}/admission.yaml", "admission.yaml", IsMaster),
        new($"{Kubernetes}/audit-policy.yaml", "audit-policy.yaml", IsMaster),
        new($"{Kubernetes}/manifests/kube-apiserver.yaml", "kube-apiserver.yaml", IsMaster),
        new($"{Kubernetes}/manifests/kube-controller-manager.yaml", "kube-controller-manager.yaml", IsMaster),
        new($"{Kubernetes}/manifests/kube-scheduler.yaml", "kube-scheduler.yaml", IsMaster),
        new("/opt/bootstrapper/apply-addons", "apply-addons", IsMaster) { Permissions = Program },
        new("/opt/bootstrapper/retire-nodes", "retire-nodes", IsMaster) { Permissions = Program },
        new($"{Kubernetes}/addons/rbac.yaml", "rbac.yaml", IsMaster),
        Addon("kube-proxy.yaml", addons => addons.KubeProxy),
        Addon("coredns.yaml", addons => addons.Coredns),
        Addon("flannel.yaml", addons => addons.Flannel),
        Addon("ingress.yaml", addons => addons.Ingress),
        Addon("metrics-server.yaml", addons => addons.MetricsServer),
        Addon("local-path.yaml", addons => addons.LocalPathStorage),
    ];

    private const string Program = "0755", Readable = "0644";

    public ClusterModel Shared => shared;

    /// <summary>By path. What renders without a node is the same for every node, and is rendered once.</summary>
    private readonly Lazy<FrozenDictionary<string, RenderedFile>> _common = new(() =>
        All.Select(file => CommonOrNull(file, shared, templates)).OfType<RenderedFile>().ToFrozenDictionary(
            file => file.Path, StringComparer.Ordinal));

    /// <exception cref="RenderingException">A template is broken.</exception>
    public IReadOnlyList<RenderedFile> Of(Node node, NodeModel model) =>
    [
        .. All.Where(file => file.IsFor(node, shared.Kubernetes) && !file.IsOverridden(templates))
            .Select(file => _common.Value.GetValueOrDefault(file.Path) ?? file.Render(templates, model.Scopes)),
        .. IsMaster(node, shared.Kubernetes) ? shared.Kubernetes.Brought : [],
    ];

    /// <returns>
    /// <c>null</c> where it asks for something of a node, or is broken: then those nodes are told that need it.
    /// </returns>
    private static RenderedFile? CommonOrNull(Planned file, ClusterModel shared, TemplateSet templates)
    {
        try
        {
            return file.Render(templates, shared, shared.Kubernetes);
        }
        catch (RenderingException)
        {
            return null;
        }
    }

    /// <summary>Where nodes have an operator's objects.</summary>
    public static string PathOf(Manifest manifest) => $"{AddonsFolder}/{manifest.Name.Replace('/', '-')}";

    private static Planned Addon(string name, Func<Addons, bool> isIn) => new(
        $"{AddonsFolder}/{name}", name, (node, shared) => IsMaster(node, shared) && isIn(shared.Addons));

    private static bool Always(Node node, KubernetesModel shared) => true;

    private static bool IsMaster(Node node, KubernetesModel shared) => node.Roles.HasFlag(NodeRoles.KubeMaster);

    private static bool IsEtcdMember(Node node, KubernetesModel shared) => node.Roles.HasFlag(NodeRoles.EtcdMember);

    private sealed record Planned(string Path, string Template, Func<Node, KubernetesModel, bool> IsFor)
    {
        public string Permissions { get; init; } = OfRootAlone;

        /// <summary>The template of another file that stands for this one, too, where it is the operator's.</summary>
        public string? Behind { get; init; }

        public bool IsOverridden(TemplateSet templates) =>
            Behind is not null && templates.IsOwn(NameOf(Behind)) && !templates.IsOwn(NameOf(Template));

        public RenderedFile Render(TemplateSet templates, params object[] models) =>
            new(Path, Permissions, templates.Render(NameOf(Template), models));

        private static string NameOf(string template) => $"kubernetes/{template}.template";
    }
}

/// <summary>A file on a node.</summary>
/// <param name="Permissions">Octal, as cloud-config has them.</param>
internal sealed record RenderedFile(string Path, string Permissions, string Content);
