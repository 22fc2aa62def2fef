namespace Bootstrapper.Images.Signatures;

/// <summary>The keys that an operator trusts: the files in <c>signing-keys/</c>, and in directories like it.</summary>
internal static class SigningKeys
{
    public const string ReadmeName = "README";

    /// <summary>Facts, for who has to fetch and compare. The keys themselves are the vendors' to give out.</summary>
    private const string Readme = """
        OpenPGP public keys with which releases of operating systems are checked
        ========================================================================

        Put the vendor's key here, as a file whose name ends in .asc, .pgp or .gpg. Compare its fingerprint with
        one that reached you another way:  gpg --show-keys FILE

        Flatcar (buildbot@flatcar-linux.org)
          fingerprint  F88C FEDE FF29 A5B4 D952  3864 E25D 9AED 0593 B34A
          from         https://www.flatcar.org/security/image-signing-key/Flatcar_Image_Signing_Key.asc
          note         releases are signed with a subkey that is renewed every two years. The one of today expires on
                       2027-03-08: fetch the key again before that.

        Fedora CoreOS
          from         https://fedoraproject.org/fedora.gpg, fingerprints at https://fedoraproject.org/security

        CoreOS Container Linux (ended in 2020)
          fingerprint  0412 7D0B FABE C887 1FFB  2CCE 50E0 8855 93D2 DCB4
          note         all its signing subkeys have expired. Sign the files of your mirror with a key of your own, and
                       put that one here.

        """;

    /// <summary>Files in other formats, and hidden ones, are left alone.</summary>
    public static IEnumerable<string> Files(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory).Where(file => Path.GetExtension(file) is ".asc" or ".gpg" or ".pgp")
            .Order(StringComparer.Ordinal)
        : [];

    /// <summary>Those with which releases are checked.</summary>
    public static IEnumerable<string> Of(Bsroot bsroot) =>
        Files(bsroot.SigningKeys).Concat(File.Exists(bsroot.CoreOSSigningKey) ? [bsroot.CoreOSSigningKey] : []);

    public static void WriteReadme(Bsroot bsroot)
    {
        var readme = Path.Combine(bsroot.SigningKeys, ReadmeName);
        if (!File.Exists(readme))
        {
            Bsroot.Write(readme, Readme);
        }
    }

    /// <returns>All keys, as gpgv takes them.</returns>
    /// <exception cref="ReleaseException">There is none, or a file cannot be read.</exception>
    public static byte[] Load(Bsroot bsroot)
    {
        byte[] keys = [.. Of(bsroot).SelectMany(Read)];
        return keys.Length > 0 ? keys : throw new ReleaseException(
            $"there is no signing key in {bsroot.SigningKeys}, so nothing can be verified: put Flatcar's there, "
            + "with the fingerprint F88CFEDEFF29A5B4D9523864E25D9AED0593B34A, "
            + $"from https://www.flatcar.org/security/image-signing-key/Flatcar_Image_Signing_Key.asc; "
            + $"{ReadmeName} there says more");
    }

    /// <exception cref="ReleaseException">It cannot be read, or holds no key.</exception>
    public static byte[] Read(string file)
    {
        try
        {
            return Armor.Decode(File.ReadAllBytes(file)) is { Length: > 0 } keys
                ? keys
                : throw new FormatException("there is no public key in it");
        }
        catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"cannot read the signing key {file}: {failure.Message}", failure);
        }
    }
}
