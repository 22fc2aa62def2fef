using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>
/// The files of a root, such as <c>ca.crt</c> and <c>ca.key</c>. Ours, made when both are missing; or the operator's, then read
/// and never written.
/// </summary>
/// <remarks>
/// Our own key file holds the certificate behind the key, and is written first: should we be killed before the certificate
/// is there, the next start takes it from the key file instead of standing before half a root.
/// </remarks>
internal sealed class RootFiles(RootPaths paths, string commonName, TimeProvider time)
{
    public string Certificate => paths.Certificate;

    public static RootFiles Of(Bsroot bsroot, RootName root, TimeProvider time) =>
        new(bsroot.PathsOf(root), root.CommonName(), time);

    /// <returns>The root with its private key.</returns>
    /// <exception cref="PkiException">The two files do not make a root that can sign today.</exception>
    public X509Certificate2 Open()
    {
        new RootRotation(paths, commonName, time).FinishSwitch();
        if (!File.Exists(paths.Key) && !File.Exists(paths.Certificate))
        {
            Create();
        }
        else if (!File.Exists(paths.Certificate))
        {
            FinishCreation();
        }

        return Load();
    }

    /// <summary>Roots that do not sign, but are trusted: the one to come, and the one before.</summary>
    /// <exception cref="PkiException">One of them cannot be read.</exception>
    public IReadOnlyList<X509Certificate2> AlsoTrusted() =>
        [.. new[] { paths.Next, paths.Old }.Where(File.Exists)
            .SelectMany(file => RootCheck.Certificates(RootCheck.ReadFile(file)))];

    private void Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = NewRoot.SelfSigned(commonName, key, time.GetUtcNow());
        var certificatePem = root.ExportCertificatePem() + "\n";
        Bsroot.Write(paths.Key, NewRoot.KeyAndCertificate(key, root), Bsroot.SecretFile);
        Bsroot.Write(paths.Certificate, certificatePem);
    }

    private void FinishCreation()
    {
        var ours = RootCheck.Certificates(RootCheck.ReadFile(paths.Key));
        if (ours.Count == 0)
        {
            throw new PkiException(
                $"{paths.Key} is there but {paths.Certificate} is missing: put the key's certificate beside it, "
                    + "or move the key away to have a new root made");
        }

        Bsroot.Write(paths.Certificate, ours[0].ExportCertificatePem() + "\n");
    }

    private X509Certificate2 Load()
    {
        using var certificate = RootCheck.Certificate(paths.Certificate, time.GetUtcNow());
        if (!File.Exists(paths.Key))
        {
            throw new PkiException(
                $"{paths.Certificate} is there but {paths.Key} is missing: put the certificate's key beside it, "
                    + "or move the certificate away to have a new root made");
        }

        return RootCheck.WithKey(certificate, paths.Key);
    }
}
