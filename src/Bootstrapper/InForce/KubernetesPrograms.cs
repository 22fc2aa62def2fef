using Bootstrapper.Cluster;

namespace Bootstrapper.InForce;

/// <summary>The programs of Kubernetes that the operator puts under <c>www/</c>, as machines ask for them.</summary>
internal static class KubernetesPrograms
{
    /// <summary>
    /// A warning for each file that some machine will ask for and that is not there: it comes up without Kubernetes.
    /// </summary>
    public static IEnumerable<Problem> Missing(ClusterDescription cluster, Bsroot bsroot) =>
        from architecture in cluster.Nodes.Select(node => node.Architecture)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        from file in Files(cluster.Kubernetes, architecture)
        where !File.Exists(Path.Combine(bsroot.Www, file))
        select Problem.Warning("kubernetes", $"www/{file} is missing: {architecture} machines wait for it before they run "
            + "Kubernetes");

    private static IReadOnlyList<string> Files(KubernetesSettings kubernetes, string architecture)
    {
        var release = $"static/kubernetes/{kubernetes.Version}";
        return kubernetes.Install == KubernetesInstall.Sysext
            ? [$"{release}/SHA256SUMS", $"{release}/kubernetes-{kubernetes.Version}-{architecture}.raw"]
            : [$"{release}/{architecture}/SHA256SUMS", $"{release}/{architecture}/kubelet", $"{release}/{architecture}/kubectl"];
    }
}
