using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>Chains that end at our roots and nowhere else; the machine's own trust store has no say.</summary>
internal static class RootChain
{
    public static X509Chain To(X509Certificate2Collection roots)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain;
    }

    /// <summary>
    /// Whether this root, and not another of the same name, signed <paramref name="certificate"/>; dates are not looked at.
    /// </summary>
    public static bool HasSigned(X509Certificate2 root, X509Certificate2 certificate)
    {
        using var chain = To([root]);
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }
}
