using Bootstrapper.Pki;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace Bootstrapper.Signing;

/// <summary>An operator's OpenPGP secret key, unlocked: of all that are in a file, the one that gpg would sign with.</summary>
internal sealed class SecretKey
{
    private readonly string _file;
    private readonly PgpPublicKey _public;
    private readonly PgpPrivateKey _private;

    private SecretKey(string file, PgpSecretKeyRing ring, PgpSecretKey key, byte[] passphrase)
    {
        _file = file;
        _public = key.PublicKey;
        _private = key.ExtractPrivateKeyRaw(passphrase);
        Facts = KeyFacts.Of(ring.GetPublicKey(), [_public]);
    }

    /// <summary>Of the key that signs.</summary>
    public KeyFacts Facts { get; }

    /// <summary>A key on a curve of more bits than the digest has is not accepted by gpg.</summary>
    private HashAlgorithmTag Digest =>
        _public is { Algorithm: PublicKeyAlgorithmTag.ECDsa, BitStrength: > 256 }
            ? HashAlgorithmTag.Sha512
            : HashAlgorithmTag.Sha256;

    /// <param name="file">As <c>gpg --export-secret-keys</c> writes it, armoured or not.</param>
    /// <param name="passphrase">Asked only when the key is locked; <c>null</c> when there is none.</param>
    /// <exception cref="SigningException">No key in it can sign. Nothing of a key or a passphrase is in the message.</exception>
    public static SecretKey Read(string file, Func<byte[]?> passphrase)
    {
        var (ring, key) = Rings(file).Select(ring => (ring, Key: Choose(ring))).FirstOrDefault(choice => choice.Key is not null);
        return key is null
            ? throw new SigningException(
                $"{file} holds no secret key that may sign: export one that may with 'gpg --export-secret-keys'")
            : Unlock(file, ring, key, passphrase);
    }

    /// <summary>A detached signature of a binary document (RFC 9580, 5.2), not armoured.</summary>
    /// <exception cref="SigningException">The key has expired: nobody would accept the signature.</exception>
    public byte[] Sign(byte[] content, DateTimeOffset now)
    {
        if (Facts.Expires <= now)
        {
            throw new SigningException($"the key in {_file} expired on {Facts.Expires:u}: "
                + "give it more time ('gpg --quick-set-expire') and export it again");
        }

        var signature = new PgpSignatureGenerator(_public.Algorithm, Digest);
        signature.InitSign(PgpSignature.BinaryDocument, _private);
        var signed = new PgpSignatureSubpacketGenerator();
        signed.SetSignatureCreationTime(isCritical: false, now.UtcDateTime);
        signed.SetIssuerFingerprint(isCritical: false, _public);
        signature.SetHashedSubpackets(signed.Generate());
        var beside = new PgpSignatureSubpacketGenerator();
        beside.SetIssuerKeyID(isCritical: false, _public.KeyId);
        signature.SetUnhashedSubpackets(beside.Generate());
        signature.Update(content);
        return signature.Generate().GetEncoded();
    }

    private static List<PgpSecretKeyRing> Rings(string file)
    {
        try
        {
            using var content = File.OpenRead(file);
            return [.. new PgpSecretKeyRingBundle(PgpUtilities.GetDecoderStream(content)).GetKeyRings()];
        }
#pragma warning disable CA1031 // The parser throws whatever the file leads it to; what it says may be of the key.
        catch (Exception)
#pragma warning restore CA1031
        {
            throw new SigningException(
                $"{file} cannot be read as an OpenPGP secret key: write it with 'gpg --export-secret-keys'");
        }
    }

    /// <summary>The newest subkey that may sign, as gpg has it, or the primary key; the others' secrets may be missing.</summary>
    private static PgpSecretKey? Choose(PgpSecretKeyRing ring) => ring.GetSecretKeys()
        .Where(key => !key.IsPrivateKeyEmpty && KeyFacts.MaySign(ring.GetPublicKey(), key.PublicKey))
        .OrderBy(key => key.IsMasterKey).ThenByDescending(key => key.PublicKey.CreationTime)
        .FirstOrDefault();

    private static SecretKey Unlock(string file, PgpSecretKeyRing ring, PgpSecretKey key, Func<byte[]?> passphrase)
    {
        var locked = key.KeyEncryptionAlgorithm != SymmetricKeyAlgorithmTag.Null;
        var secret = !locked ? [] : passphrase() ?? throw new SigningException(
            $"{file} is locked, and there is no passphrase: write it into {Passphrase.FileOf(file)}, mode 0600");
        try
        {
            return new SecretKey(file, ring, key, secret);
        }
        catch (PgpException)
        {
            throw new SigningException(locked
                ? $"{file} cannot be unlocked with the passphrase that was given"
                : $"{file} cannot be used: its key is damaged");
        }
    }
}

/// <summary>The operator's signing key is in the way. The message names the file and what to do about it.</summary>
internal sealed class SigningException(string message) : Exception(message);
