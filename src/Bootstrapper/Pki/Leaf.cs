namespace Bootstrapper.Pki;

/// <summary>A certificate and the private key it speaks for, both PEM; the key PKCS#8, as every TLS library reads it.</summary>
internal sealed record Leaf(string CertificatePem, string KeyPem)
{
    /// <summary>Both in one text, the certificate first.</summary>
    public string ToPem() => CertificatePem + KeyPem;

    /// <summary>Takes <see cref="ToPem"/> apart.</summary>
    /// <returns><c>null</c> when there is no key in it; whether the rest is a certificate shows when it is read.</returns>
    public static Leaf? FromPem(string pem)
    {
        var key = pem.IndexOf("-----BEGIN PRIVATE KEY-----", StringComparison.Ordinal);
        return key < 0 ? null : new Leaf(pem[..key], pem[key..]);
    }

    /// <summary>The certificate alone: what is printed ends up in logs.</summary>
    public override string ToString() => CertificatePem;
}
