using System.Security.Cryptography;

namespace Bootstrapper.Pki;

/// <summary>
/// The two secrets that all control-plane nodes share and that are no certificate: made once, or the operator's; never written
/// again, because what was signed or encrypted with them could not be read any more.
/// </summary>
/// <param name="ServiceAccountKeyPem">PKCS#8.</param>
/// <param name="EncryptionKey">32 random octets, in base64.</param>
internal sealed record ControlPlaneSecrets(string ServiceAccountKeyPem, string ServiceAccountPublicPem, string EncryptionKey)
{
    /// <summary>RS256 is the one algorithm that every verifier of tokens must know (OpenID Connect Core 1.0, 15.1).</summary>
    private const int RsaBits = 2048;

    private const int EncryptionKeyBytes = 32;

    /// <exception cref="PkiException">What is there cannot be used; it is left as it is.</exception>
    /// <exception cref="IOException">What is missing cannot be written.</exception>
    public static ControlPlaneSecrets Open(Bsroot bsroot)
    {
        MakeWhenMissing(bsroot.ServiceAccountKey, NewRsaKey);
        MakeWhenMissing(
            bsroot.EncryptionKey,
            () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKeyBytes)) + "\n");
        using var key = KeyFile.Read(bsroot.ServiceAccountKey);
        return new ControlPlaneSecrets(
            key.ExportPkcs8PrivateKeyPem() + "\n",
            key.ExportSubjectPublicKeyInfoPem() + "\n",
            ReadEncryptionKey(bsroot.EncryptionKey));
    }

    /// <summary>Whether what is there can be used; what is missing is made at the next start.</summary>
    /// <exception cref="PkiException">It cannot.</exception>
    public static void Judge(Bsroot bsroot)
    {
        if (File.Exists(bsroot.ServiceAccountKey))
        {
            KeyFile.Read(bsroot.ServiceAccountKey).Dispose();
        }

        if (File.Exists(bsroot.EncryptionKey))
        {
            ReadEncryptionKey(bsroot.EncryptionKey);
        }
    }

    /// <summary>The public part alone: what is printed ends up in logs.</summary>
    public override string ToString() => ServiceAccountPublicPem;

    private static void MakeWhenMissing(string file, Func<string> make)
    {
        if (!File.Exists(file))
        {
            Bsroot.Write(file, make(), Bsroot.SecretFile);
        }
    }

    private static string NewRsaKey()
    {
        using var key = RSA.Create(RsaBits);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static string ReadEncryptionKey(string file)
    {
        var text = RootCheck.ReadFile(file).Trim();
        Span<byte> key = stackalloc byte[EncryptionKeyBytes + 1];
        return Convert.TryFromBase64String(text, key, out var length) && length == EncryptionKeyBytes ? text
            : throw new PkiException($"{file} must hold {EncryptionKeyBytes} octets in base64, "
                + $"as 'openssl rand -base64 {EncryptionKeyBytes}' prints them");
    }
}
