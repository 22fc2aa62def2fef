namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// Which labels a kubelet may give its own node. It exits at the others (kubelet's --node-labels; the well-known labels of
/// k8s.io/kubelet), and the API server refuses them (admission plugin NodeRestriction).
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

    /// <returns>Why a node cannot have it from the start; <c>null</c> when it can, also for what is no label.</returns>
    public static string? Objection(string label) =>
        Own.Contains(label) ? "is filled in by the kubelet, which knows it best"
        : IsIn(Prefix(label), Kubernetes) && !IsIn(Prefix(label), Kubelets) && !Known.Contains(label)
            ? "is a label that a kubelet may not give itself, and it does not start: remove it here, and once the node is there, "
                + $"run kubectl label node NAME {label}=VALUE"
            : null;

    private static string Prefix(string label) => label.Contains('/', StringComparison.Ordinal) ? label.Split('/')[0] : "";

    private static bool IsIn(string prefix, string[] domains) =>
        domains.Any(domain => prefix == domain || prefix.EndsWith($".{domain}", StringComparison.Ordinal));
}
