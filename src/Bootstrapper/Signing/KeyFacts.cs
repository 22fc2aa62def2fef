using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace Bootstrapper.Signing;

/// <summary>What is to be known of an OpenPGP key before it is relied upon.</summary>
/// <param name="Fingerprint">Of the primary key, in groups of four as people compare it.</param>
/// <param name="Owner">The first user ID.</param>
/// <param name="CanSign">Whether one of its keys may sign, and was not revoked.</param>
/// <param name="Expires">When the last of those that may sign ends; <c>null</c> for never.</param>
internal sealed record KeyFacts(string Fingerprint, string Owner, bool CanSign, DateTimeOffset? Expires)
{
    /// <param name="packets">Public keys, not armoured; one after the other.</param>
    /// <exception cref="IOException">They are none.</exception>
    /// <exception cref="PgpException">They are none.</exception>
    public static IReadOnlyList<KeyFacts> OfAll(byte[] packets) =>
        [.. new PgpPublicKeyRingBundle(packets).GetKeyRings().Select(ring => Of(ring.GetPublicKey(), ring.GetPublicKeys()))];

    public static KeyFacts Of(PgpPublicKey primary, IEnumerable<PgpPublicKey> keys)
    {
        var ends = keys.Where(key => MaySign(primary, key)).Select(key => Earlier(End(primary), End(key))).ToList();
        return new KeyFacts(
            string.Join(' ', Convert.ToHexString(primary.GetFingerprint()).Chunk(4).Select(four => new string(four))),
            primary.GetUserIds().FirstOrDefault() ?? "",
            ends.Count > 0,
            ends.Contains(null) ? null : ends.Max());
    }

    /// <summary>As its owner has it, and it was not revoked.</summary>
    public static bool MaySign(PgpPublicKey primary, PgpPublicKey key)
    {
        var flags = Flags(primary, key);
        return !primary.HasRevocation() && !key.HasRevocation()
            && (flags == 0 ? key.IsMasterKey && CanSignAtAll(key.Algorithm) : (flags & PgpKeyFlags.CanSign) != 0);
    }

    /// <summary>Those of the newest self-signature that has any (RFC 9580, 5.2.3.29).</summary>
    private static int Flags(PgpPublicKey primary, PgpPublicKey key) => key.GetSignatures()
        .Where(signature => signature.KeyId == primary.KeyId
            && signature.SignatureType is not (PgpSignature.KeyRevocation or PgpSignature.SubkeyRevocation))
        .OrderByDescending(signature => signature.CreationTime)
        .Select(signature => signature.GetHashedSubPackets()?.GetKeyFlags() ?? 0)
        .FirstOrDefault(flags => flags != 0);

    private static bool CanSignAtAll(PublicKeyAlgorithmTag algorithm) => algorithm
        is PublicKeyAlgorithmTag.RsaGeneral or PublicKeyAlgorithmTag.RsaSign or PublicKeyAlgorithmTag.Dsa
        or PublicKeyAlgorithmTag.ECDsa or PublicKeyAlgorithmTag.EdDsa_Legacy
        or PublicKeyAlgorithmTag.Ed25519 or PublicKeyAlgorithmTag.Ed448;

    private static DateTimeOffset? End(PgpPublicKey key) =>
        key.GetValidSeconds() is > 0 and var seconds
            ? new DateTimeOffset(key.CreationTime, TimeSpan.Zero).AddSeconds(seconds)
            : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;
}
