using Bootstrapper.Host;
using Bootstrapper.Images.Signatures;
using Bootstrapper.Signing;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace Bootstrapper.Bundles;

/// <summary>Whose bundles are believed: those who have a key in <c>bundle-keys/</c>, or whose key an operator names.</summary>
/// <param name="keys">OpenPGP public keys, not armoured.</param>
/// <param name="allowUnsigned">Whether an operator takes a bundle for good that nobody known has signed.</param>
internal sealed class BundleTrust(byte[] keys, bool allowUnsigned)
{
    private const string Place = "bundle-keys/", Allow = "--allow-unsigned takes it as it is";

    private const string NameIt = "name its maker's public key with --key";

    /// <param name="key">The file of one more key; <c>null</c> for none.</param>
    /// <exception cref="InvalidDataException">A file holds no public key.</exception>
    /// <exception cref="FileNotFoundException">The one that is named is not there.</exception>
    public static BundleTrust Of(Bsroot bsroot, string? key, bool allowUnsigned)
    {
        if (key is not null)
        {
            NamedFile.Require(key, $"'gpg --export > {key}' writes a public key");
        }

        return new(
            [.. SigningKeys.Files(bsroot.BundleKeys).Concat(key is null ? [] : [key]).SelectMany(file => Read(file).Packets)],
            allowUnsigned);
    }

    /// <summary>Believes a key from now on. No bundle can do that.</summary>
    public static void Keep(Bsroot bsroot, string key)
    {
        var (packets, fingerprint) = Read(key);
        var file = Path.Combine(bsroot.BundleKeys, $"{fingerprint}.gpg");
        if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(packets))
        {
            Bsroot.Write(file, packets);
        }
    }

    /// <summary>Comes before anything in the bundle is believed, its manifest included.</summary>
    /// <returns>By whom and when it was signed.</returns>
    /// <exception cref="BundleException">Nobody signed it whose bundles are believed here.</exception>
    /// <exception cref="InvalidDataException">It is no bundle.</exception>
    public async Task<BundleSigner> RequireAsync(BundleArchive archive, CancellationToken cancellation)
    {
        if (archive.Head.Signature is not { } signature)
        {
            return allowUnsigned ? new BundleSigner("not signed") : throw Refusal(
                archive,
                $"is not signed: whoever could write to it may have changed it; sign it with 'bundle create --key', or {Allow}");
        }

        if (keys.Length == 0)
        {
            return allowUnsigned ? new BundleSigner("signed, and not checked") : throw Refusal(
                archive, $"is signed, and there is no key in {Place} to check it with: {NameIt}, or {Allow}");
        }

        using var check = new SignatureCheck(keys, Place);
        var status = await check.StatusAsync(signature, archive.Head.Manifest, cancellation);
        return status.Objection is null ? new BundleSigner($"signed by {status.Signer}", status.Made)
            : status.IsForeign && allowUnsigned ? new BundleSigner("signed by somebody unknown")
            : throw Refusal(archive, $"is refused: {status.Objection}"
                + (status.IsForeign ? $"; {NameIt}, or {Allow}" : ""));
    }

    private static BundleException Refusal(BundleArchive archive, string why) => new([$"{archive.Path} {why}"]);

    private static (byte[] Packets, string Fingerprint) Read(string file)
    {
        try
        {
            var packets = SigningKeys.Read(file);
            return (packets, KeyFacts.OfAll(packets)[0].Fingerprint.Replace(" ", "", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is PgpException or IOException or ArgumentException)
        {
            throw new InvalidDataException($"{file} holds no OpenPGP public key: write it with 'gpg --export'", e);
        }
    }
}

/// <summary>Who stands for a bundle.</summary>
/// <param name="Text">As an operator reads it.</param>
/// <param name="Made">The date of the signature; <c>null</c> where there is none that is trusted.</param>
internal sealed record BundleSigner(string Text, DateTimeOffset? Made = null);
