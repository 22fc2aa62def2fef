namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// Who gives a node its labels. A kubelet exits where it is to give itself some of Kubernetes' own (kubelet's --node-labels; the
/// well-known labels of k8s.io/kubelet), and the API server refuses them (admission plugin NodeRestriction): they are given
/// through the API.
/// </summary>
internal static class KubernetesLabel
{
    private static readonly string[] Kubernetes = ["kubernetes.io", "k8s.io"];

    private static readonly string[] Kubelets = ["kubelet.kubernetes.io", "node.kubernetes.io"];

    /// <summary>Those that the kubelet fills in by itself may not be given another value.</summary>
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch",
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "beta.kubernetes.io/instance-type",
        "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
    };

    /// <returns>Why no node can be given it; <c>null</c> when one can, also for what is no label.</returns>
    public static string? Objection(string label) =>
        Own.Contains(label) ? "is filled in by the kubelet, which knows it best" : null;

    /// <summary>Whether a kubelet may give it to its own node.</summary>
    public static bool IsForKubelets(string label) =>
        !IsIn(Prefix(label), Kubernetes) || IsIn(Prefix(label), Kubelets) || Known.Contains(label);

    private static string Prefix(string label) => label.Contains('/', StringComparison.Ordinal) ? label.Split('/')[0] : "";

    private static bool IsIn(string prefix, string[] domains) =>
        domains.Any(domain => prefix == domain || prefix.EndsWith($".{domain}", StringComparison.Ordinal));
}
