using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// What the registry shows, which reads both files when it starts: <c>registry.crt</c>, for the same names as
/// <see cref="FrontLeaf"/>. With a key of its own, whoever broke into the registry could not pass for the operators' API.
/// </summary>
internal sealed class RegistryLeaf(Bsroot bsroot, Authorities authorities, TimeProvider time)
    : ServerLeaf(bsroot.RegistryCertificate, bsroot.RegistryKey, authorities, time)
{
    public static LeafProfile ProfileOf(ClusterDescription cluster) =>
        FrontLeaf.ProfileOf(cluster) with { CommonName = "bootstrapper-registry" };

    protected override LeafProfile Profile(ClusterDescription cluster) => ProfileOf(cluster);
}
