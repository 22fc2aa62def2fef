using Bootstrapper.Pki;
using Bootstrapper.Signing;

namespace Bootstrapper.Bundles;

/// <summary>The secret key that an operator signs bundles with.</summary>
internal static class BundleKey
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="file">As <c>gpg --export-secret-keys</c> writes it; a passphrase is in the file beside it.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="SigningException">It cannot be used, others can read it, or it would travel in the bundle.</exception>
    /// <exception cref="PkiException">It is locked, and there is no passphrase.</exception>
    public static SecretKey Read(string file, Bsroot bsroot) =>
        !File.Exists(file) ? throw new FileNotFoundException($"{file}: there is no such file; "
            + $"'gpg --export-secret-keys > {file}' writes a key, and the passphrase belongs into {Passphrase.FileOf(file)}")
        : (File.GetUnixFileMode(file) & Others) != UnixFileMode.None
            ? throw new SigningException($"{file} can be read by others: chmod 600 {file}")
        : BundlePath.IsAllowed(Path.GetRelativePath(bsroot.Root, file))
            ? throw new SigningException($"{file} lies where the bundle would take it along: move it away")
        : SecretKey.Read(file, () => Passphrase.Of(file).Octets);
}
