using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>Chains that end at our roots and nowhere else; the machine's own trust store has no say.</summary>
internal static class RootChain
{
    public static X509Chain To(X509Certificate2Collection roots) => new() { ChainPolicy = PolicyFor(roots) };

    /// <summary>
    /// Nothing is fetched from where a certificate says that its issuer is found (RFC 5280, 4.2.2.1): whoever shows it chooses
    /// that, and the handshake would wait for the answer.
    /// </summary>
    public static X509ChainPolicy PolicyFor(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
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
