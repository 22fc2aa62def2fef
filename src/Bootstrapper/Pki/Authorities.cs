using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>The cluster's three roots.</summary>
internal sealed class Authorities
{
    private readonly IReadOnlyDictionary<RootName, CertificateAuthority> _roots;

    private Authorities(IReadOnlyDictionary<RootName, CertificateAuthority> roots) => _roots = roots;

    public CertificateAuthority this[RootName root] => _roots[root];

    /// <summary>Reads the roots from the data root, and makes those that are missing.</summary>
    /// <exception cref="PkiException">What is there cannot be used; it is left as it is.</exception>
    /// <exception cref="IOException">A new root cannot be written.</exception>
    public static Authorities Open(Bsroot bsroot, TimeProvider time) =>
        new(RootNames.All.ToDictionary(root => root, root => CertificateAuthority.Open(bsroot, time, root)));

    /// <summary>All that a root will be asked to sign while <paramref name="cluster"/> is in force.</summary>
    public static IEnumerable<LeafProfile> ProfilesOf(RootName root, ClusterDescription cluster) =>
        (root == RootName.Cluster ? [FrontLeaf.ProfileOf(cluster), RegistryLeaf.ProfileOf(cluster)] : Array.Empty<LeafProfile>())
            .Concat(cluster.Nodes.SelectMany(node => NodeLeaf.Of(node, cluster))
                .Where(leaf => leaf.Root == root).Select(leaf => leaf.Profile));

    /// <summary>
    /// Whether each root may sign for all that it will be asked for while <paramref name="cluster"/> is in force.
    /// </summary>
    /// <exception cref="PkiException">Clients would refuse a certificate because of a name in it.</exception>
    public void RequireNames(ClusterDescription cluster)
    {
        foreach (var (name, root) in _roots)
        {
            root.RequireNames(ProfilesOf(name, cluster));
        }
    }

    /// <summary>Reads them again: an operator may have begun to change one.</summary>
    /// <exception cref="PkiException">One of them cannot be used; it stays as it was.</exception>
    public void Reload()
    {
        foreach (var root in _roots.Values)
        {
            root.Reload();
        }
    }
}
