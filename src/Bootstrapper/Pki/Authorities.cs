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
