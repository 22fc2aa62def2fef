using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;

namespace Bootstrapper.Pki;

/// <summary>
/// A private key that an operator may have given, in each of the PEM forms that OpenSSL writes: PKCS#8 (RFC 5958), PKCS#1, SEC 1
/// with or without its parameters before it; each with a passphrase or without.
/// </summary>
internal static class KeyFile
{
    /// <exception cref="PkiException">
    /// It cannot be read, or is none that clients accept. Nothing of the key is in the message.
    /// </exception>
    public static AsymmetricAlgorithm Read(string file)
    {
        var pem = RootCheck.ReadFile(file);
        var passphrase = pem.Contains("ENCRYPTED", StringComparison.Ordinal) ? Passphrase.Of(file) : null;
        return Keys(file, pem, passphrase) switch
        {
            [var key] => Accepted(file, key),
            [] => throw new PkiException($"{file} cannot be read as a private key: {WhyUnreadable(pem)}"),
            { Count: var several } => throw new PkiException($"{file} holds {several} private keys: leave the one that is meant"),
        };
    }

    private static List<AsymmetricKeyParameter> Keys(string file, string pem, Passphrase? passphrase)
    {
        try
        {
            using var reader = new PemReader(new StringReader(pem), passphrase);
            var objects = new List<object>();
            while (reader.ReadObject() is { } next)
            {
                objects.Add(next);
            }

            return
            [
                .. objects.Select(found => found is AsymmetricCipherKeyPair pair ? pair.Private : found as AsymmetricKeyParameter)
                    .OfType<AsymmetricKeyParameter>().Where(key => key.IsPrivate),
            ];
        }
        // Decrypted with a wrong passphrase, a key is noise, and the parser throws whatever the noise leads it to.
#pragma warning disable CA1031
        catch (Exception) when (passphrase is not null)
        {
            throw new PkiException(
                $"{file} cannot be unlocked with the passphrase in {passphrase.File}: write that of this key there, or lock the "
                    + "key in a way that is read here ('openssl pkey -aes256')");
        }
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static AsymmetricAlgorithm Accepted(string file, AsymmetricKeyParameter key)
    {
        var algorithm = PrivateKeyInfoFactory.CreatePrivateKeyInfo(key);
        if (KeyRules.OfAlgorithm(algorithm.PrivateKeyAlgorithm.Algorithm) is { } kind)
        {
            throw NotAccepted(kind);
        }

        var ours = Import(file, key is RsaKeyParameters ? RSA.Create() : ECDsa.Create(), algorithm.GetDerEncoded());
        var objection = KeyRules.Objection(SubjectPublicKeyInfo.GetInstance(ours.ExportSubjectPublicKeyInfo()));
        return objection is null ? ours : throw NotAccepted(objection);

        PkiException NotAccepted(string objection) => new($"{file} {objection}: give {KeyRules.Wanted}");
    }

    private static AsymmetricAlgorithm Import(string file, AsymmetricAlgorithm into, byte[] pkcs8)
    {
        try
        {
            into.ImportPkcs8PrivateKey(pkcs8, out _);
            return into;
        }
        catch (CryptographicException)
        {
            into.Dispose();
            throw new PkiException($"{file} cannot be read as a private key: its numbers do not match");
        }
    }

    private static string WhyUnreadable(string pem) =>
        pem.Contains("BEGIN OPENSSH PRIVATE KEY", StringComparison.Ordinal)
            ? "it is in OpenSSH's own form; 'ssh-keygen -p -m PEM -f FILE' writes it in PEM"
        : pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "the data between its BEGIN and END lines is broken"
        : "it is not in PEM ('openssl pkey -in FILE -out NEW' writes it so)";
}
