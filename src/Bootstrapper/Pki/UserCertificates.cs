using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>
/// The certificates that operators were given, in <c>users/&lt;serial number&gt;.crt</c>; their keys are theirs alone.
/// </summary>
internal sealed class UserCertificates(Bsroot bsroot)
{
    /// <summary>Issues a certificate for a client of the API server, and records it.</summary>
    /// <param name="groups">RBAC's groups; none of them means that a role binding must name the user.</param>
    /// <exception cref="PkiException">The root has expired.</exception>
    /// <exception cref="IOException">It cannot be recorded: then it is not given either.</exception>
    public Leaf Issue(CertificateAuthority authority, string user, IReadOnlyList<string> groups, TimeSpan lifetime)
    {
        var leaf = authority.Issue(new LeafProfile(user) { Organizations = groups, Usage = LeafUsage.Client }, lifetime);
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        Bsroot.Write(Path.Combine(bsroot.Users, $"{certificate.SerialNumber}.crt"), leaf.CertificatePem);
        return leaf;
    }

    public IEnumerable<X509Certificate2> All() => !Directory.Exists(bsroot.Users) ? [] :
        Directory.EnumerateFiles(bsroot.Users, "*.crt").Order(StringComparer.Ordinal)
            .SelectMany(file => RootCheck.Certificates(RootCheck.ReadFile(file)));
}
