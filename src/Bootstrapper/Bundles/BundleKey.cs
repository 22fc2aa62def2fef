using Bootstrapper.Host;
using Bootstrapper.Pki;
using Bootstrapper.Signing;

namespace Bootstrapper.Bundles;

/// <summary>The secret key that an operator signs bundles with.</summary>
internal static class BundleKey
{
    /// <param name="file">As <c>gpg --export-secret-keys</c> writes it; a passphrase is in the file beside it.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">Others can read it or its passphrase, or it is no plain file.</exception>
    /// <exception cref="SigningException">It cannot be used, or it would travel in the bundle.</exception>
    /// <exception cref="PkiException">It is locked, and there is no passphrase.</exception>
    public static SecretKey Read(string file, Bsroot bsroot)
    {
        var passphrase = Passphrase.FileOf(file);
        NamedFile.Require(
            file, $"'gpg --export-secret-keys > {file}' writes a key, and the passphrase belongs into {passphrase}");
        NamedFile.RequireSecret(file);
        if (Path.Exists(passphrase))
        {
            NamedFile.Require(passphrase);
            NamedFile.RequireSecret(passphrase);
        }

        return BundlePath.IsAllowed(Path.GetRelativePath(bsroot.Root, file))
            ? throw new SigningException($"{file} lies where the bundle would take it along: move it away")
            : SecretKey.Read(file, () => Passphrase.Of(file).Octets);
    }
}
