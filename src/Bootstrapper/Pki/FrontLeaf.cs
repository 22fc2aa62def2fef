using System.Security.Cryptography;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// The certificate that our HTTPS endpoints show: <c>bootstrapper.crt</c>, its key, and the request (<c>.csr</c>) with which an
/// operator may ask for the same names elsewhere.
/// </summary>
internal sealed class FrontLeaf(Bsroot bsroot, Authorities authorities, TimeProvider time)
    : ServerLeaf(bsroot.FrontCertificate, bsroot.FrontKey, authorities, time)
{
    public static LeafProfile ProfileOf(ClusterDescription cluster) => new("bootstrapper")
    {
        DnsNames = DomainNames.Of([cluster.DockerDomain, "bootstrapper"], cluster.DomainName),
        Addresses = cluster.OwnAddresses,
        Usage = LeafUsage.Server,
    };

    protected override LeafProfile Profile(ClusterDescription cluster) => ProfileOf(cluster);

    protected override void Issued(LeafProfile profile, Leaf leaf)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(leaf.KeyPem);
        Bsroot.Write(bsroot.FrontRequest, LeafEncoding.Request(profile, key).CreateSigningRequestPem() + "\n");
    }
}
