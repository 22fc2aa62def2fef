namespace Bootstrapper.Model;

/// <summary>
/// The images that a Kubernetes release is made to work with: those that kubeadm of the first release of each minor version
/// names (<c>cmd/kubeadm/app/constants</c>). A later patch may name a newer etcd; the older one goes on working with it.
/// </summary>
internal sealed record KubernetesRelease(string CoreDns, string Etcd, string Pause)
{
    private static readonly IReadOnlyDictionary<string, KubernetesRelease> Known = new Dictionary<string, KubernetesRelease>(
        StringComparer.Ordinal)
    {
        ["1.34"] = new("v1.12.1", "3.6.4-0", "3.10.1"),
        ["1.35"] = new("v1.13.1", "3.6.6-0", "3.10.1"),
    };

    /// <summary>Minor versions, such as 1.35.</summary>
    public static IEnumerable<string> KnownMinors => Known.Keys;

    /// <param name="version">Without a leading <c>v</c>.</param>
    /// <returns><c>null</c> for a minor version that this program does not know.</returns>
    public static KubernetesRelease? Find(string version) =>
        Known.GetValueOrDefault(string.Join('.', version.Split('.').Take(2)));
}
