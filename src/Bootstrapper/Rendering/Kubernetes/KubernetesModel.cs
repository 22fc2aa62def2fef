using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Rendering.Kubernetes;

/// <summary>What all nodes' Kubernetes files share.</summary>
internal sealed class KubernetesModel(ClusterDescription cluster)
{
    public string Version => cluster.Kubernetes.Version;

    /// <summary>Whether the programs come as an image for systemd-sysext.</summary>
    public bool IsSysext => cluster.Kubernetes.Install == KubernetesInstall.Sysext;

    public string ClusterName => cluster.Kubernetes.ClusterName;

    public string PodCIDR => cluster.Kubernetes.PodCidr.ToString();

    public string ApiURL { get; } = ApiServer.Url(cluster);

    public bool HasFlannel => cluster.Kubernetes.Cni == Cni.Flannel;

    /// <summary>One for the machines that name no interface, which take that of the default route, and one for each that is named.</summary>
    public IReadOnlyList<Flannel> Flannels { get; } = [new Flannel(""), .. cluster.Nodes.Select(node => node.FlannelInterface).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new Flannel(name))];

    public bool HasIngress { get; } = ContainerImages.HasIngress(cluster);

    /// <summary>By the part they play: the names under which our registry has them, so that no node ever asks another.</summary>
    public IReadOnlyDictionary<string, string> Images { get; } = ContainerImages.Of(cluster).ToDictionary(
        image => image.Part, image => RegistryMirror.NameOf(image.Upstream, Urls.Registry(cluster)).ToString(), StringComparer.Ordinal);

    /// <summary>As programs take them on their command lines: <c>A=true,B=false</c>; empty for none.</summary>
    public string FeatureGates { get; } = string.Join(',', cluster.Kubernetes.FeatureGates.Select(gate => $"{gate.Key}={gate.Value}"));

    public IReadOnlyList<FeatureGate> FeatureGateList { get; } = [.. cluster.Kubernetes.FeatureGates.Select(gate => new FeatureGate(gate.Key, gate.Value))];

    /// <summary>One list for each program that may have some, also where it has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraArgs { get; } = ExtraArgsKeys.Programs.ToDictionary(
        program => program.Name, program => cluster.Kubernetes.ExtraArgs.GetValueOrDefault(program.Name) ?? [], StringComparer.Ordinal);
}

/// <param name="Value"><c>true</c> or <c>false</c>.</param>
internal sealed record FeatureGate(string Name, string Value);

/// <summary>flannel on one network interface; on that of the default route where <paramref name="Interface"/> is empty.</summary>
internal sealed record Flannel(string Interface)
{
    /// <summary>Of its daemon set, and the value of the label <c>bootstrapper/flannel</c> of its machines: only letters, digits and dashes.</summary>
    public string Name => Interface.Length == 0 ? "flannel" : $"flannel-{string.Concat(Interface.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).TrimEnd('-')}";
}
