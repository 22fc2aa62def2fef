using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// The certificate that the registry and our HTTPS endpoints show: <c>bootstrapper.crt</c>, its key, and the request
/// (<c>.csr</c>) with which an operator may ask for the same names elsewhere.
/// </summary>
/// <remarks>
/// The registry reads key and certificate from a file each. The key is written first; killed in between, we find two
/// files that do not belong together, and issue again. <c>bootstrapper.crt</c> holds the leaf alone: the root that
/// signed it is what the other side must have already.
/// </remarks>
internal sealed class FrontLeaf(Bsroot bsroot, Authorities authorities, TimeProvider time)
{
    private readonly CertificateAuthority _authority = authorities[RootName.Cluster];
    private readonly Lock _gate = new();
    private Leaf? _leaf;
    private volatile X509Certificate2? _inForce;

    /// <summary>What Kestrel shows, key included. Connections may still hold the one before, so nobody disposes of it.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="Ensure"/>.</exception>
    public X509Certificate2 Certificate => _inForce ?? throw new InvalidOperationException("the front leaf was not ensured yet");

    public static LeafProfile ProfileOf(ClusterDescription cluster) => new("bootstrapper")
    {
        DnsNames = DomainNames.Of([cluster.DockerDomain, "bootstrapper"], cluster.DomainName),
        Addresses = [cluster.Bootstrapper],
        Usage = LeafUsage.Server,
    };

    /// <summary>Issues the leaf when there is none, or none that serves this description for a while yet.</summary>
    /// <returns>Whether the files changed: the registry reads them only when it starts.</returns>
    /// <exception cref="PkiException">The root has expired.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public bool Ensure(ClusterDescription cluster)
    {
        lock (_gate)
        {
            var profile = ProfileOf(cluster);
            var kept = Read() is { } stored && stored.IsFor(profile, time.GetUtcNow(), _authority) ? stored : null;
            PutInForce((kept ?? Renew(profile)).Leaf);
            return kept is null;
        }
    }

    private void PutInForce(Leaf leaf)
    {
        if (leaf != _leaf)
        {
            _leaf = leaf;
            _inForce = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
        }
    }

    private IssuedLeaf Renew(LeafProfile profile)
    {
        var issued = IssuedLeaf.New(profile, _authority);
        Bsroot.Write(bsroot.FrontKey, issued.Leaf.KeyPem, Bsroot.SecretFile);
        Bsroot.Write(bsroot.FrontCertificate, issued.Leaf.CertificatePem);
        using var key = ECDsa.Create();
        key.ImportFromPem(issued.Leaf.KeyPem);
        Bsroot.Write(bsroot.FrontRequest, LeafEncoding.Request(profile, key).CreateSigningRequestPem() + "\n");
        return issued;
    }

    private IssuedLeaf? Read() => File.Exists(bsroot.FrontCertificate) && File.Exists(bsroot.FrontKey)
        ? IssuedLeaf.Read(new Leaf(File.ReadAllText(bsroot.FrontCertificate), File.ReadAllText(bsroot.FrontKey)), _authority)
        : null;
}
