using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A root as it was read: its key, and whom else to trust. Immutable; another one takes its place.</summary>
internal sealed class SigningRoot
{
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2");
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2Collection _trusted;

    private SigningRoot(X509Certificate2 root, IReadOnlyList<X509Certificate2> alsoTrusted)
    {
        _root = root;
        _trusted = [root, .. alsoTrusted];
        var hasKeyIdentifier = root.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any();
        AuthorityKeyIdentifier = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            root, hasKeyIdentifier, !hasKeyIdentifier);
        Signature = SignatureOf(root);
        Pem = root.ExportCertificatePem() + "\n";
        TrustPem = string.Concat(_trusted.Select(trusted => trusted.ExportCertificatePem() + "\n"));
        NotAfter = new DateTimeOffset(root.NotAfter).ToUniversalTime(); // X509Certificate2 speaks local time
        Thumbprint = root.GetCertHashString(HashAlgorithmName.SHA256);
        Constraints = RootConstraints.Of(RootCheck.Parsed(root));
    }

    public X500DistinguishedName Subject => _root.SubjectName;

    public X509AuthorityKeyIdentifierExtension AuthorityKeyIdentifier { get; }

    public X509SignatureGenerator Signature { get; }

    public string Pem { get; }

    public string TrustPem { get; }

    public DateTimeOffset NotAfter { get; }

    public string Thumbprint { get; }

    /// <summary><c>null</c> when it may sign for any name.</summary>
    public RootConstraints? Constraints { get; }

    /// <exception cref="PkiException">The files do not make a root.</exception>
    public static SigningRoot Open(RootFiles files) => new(files.Open(), files.AlsoTrusted());

    public bool HasSigned(X509Certificate2 certificate) => RootChain.HasSigned(_root, certificate);

    public bool AcceptsClient(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = RootChain.To(_trusted);
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuth);
        return chain.Build(certificate);
    }

    private static X509SignatureGenerator SignatureOf(X509Certificate2 root) => root.GetRSAPrivateKey() is { } rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa(root.GetECDsaPrivateKey()!);
}
