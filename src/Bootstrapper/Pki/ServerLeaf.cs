using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>A certificate that a server of ours shows, with its key, each in a file.</summary>
/// <remarks>
/// The key is written first; killed in between, we find two files that do not belong together, and issue again. The certificate's
/// file holds the leaf alone: the root that signed it is what the other side must have already.
/// </remarks>
internal abstract class ServerLeaf(string certificateFile, string keyFile, Authorities authorities, TimeProvider time)
{
    private readonly CertificateAuthority _authority = authorities[RootName.Cluster];
    private readonly Lock _gate = new();
    private Leaf? _leaf;
    private volatile X509Certificate2? _inForce;

    /// <summary>Key included. Connections may still hold the one before, so nobody disposes of it.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="Ensure"/>.</exception>
    public X509Certificate2 Certificate =>
        _inForce ?? throw new InvalidOperationException($"{certificateFile} was not ensured yet");

    /// <summary>Issues the leaf when there is none, or none that serves this description for a while yet.</summary>
    /// <returns>Whether the files changed.</returns>
    /// <exception cref="PkiException">The root has expired.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public bool Ensure(ClusterDescription cluster)
    {
        lock (_gate)
        {
            var profile = Profile(cluster);
            var kept = Read() is { } stored && stored.IsFor(profile, time.GetUtcNow(), _authority) ? stored : null;
            PutInForce((kept ?? Renew(profile)).Leaf);
            return kept is null;
        }
    }

    protected abstract LeafProfile Profile(ClusterDescription cluster);

    /// <summary>Written beside it.</summary>
    protected virtual void Issued(LeafProfile profile, Leaf leaf)
    {
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
        Bsroot.Write(keyFile, issued.Leaf.KeyPem, Bsroot.SecretFile);
        Bsroot.Write(certificateFile, issued.Leaf.CertificatePem);
        Issued(profile, issued.Leaf);
        return issued;
    }

    private IssuedLeaf? Read() => File.Exists(certificateFile) && File.Exists(keyFile)
        ? IssuedLeaf.Read(new Leaf(File.ReadAllText(certificateFile), File.ReadAllText(keyFile)), _authority)
        : null;
}
