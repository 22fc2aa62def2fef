using System.Text;
using Org.BouncyCastle.OpenSsl;

namespace Bootstrapper.Pki;

/// <summary>
/// The passphrase of a key that an operator gave: the first line of a file beside it, <c>ca.passphrase</c> for <c>ca.key</c>.
/// </summary>
/// <param name="File">Where it stands; 0600.</param>
/// <param name="Octets">As OpenSSL takes them, in whatever encoding the operator's terminal has.</param>
internal sealed record Passphrase(string File, byte[] Octets) : IPasswordFinder
{
    /// <exception cref="PkiException">There is none, or it is empty.</exception>
    public static Passphrase Of(string keyFile)
    {
        var file = FileOf(keyFile);
        if (!System.IO.File.Exists(file))
        {
            throw new PkiException(
                $"{keyFile} is locked with a passphrase: write it into {file}, mode 0600");
        }

        var firstLine = RootCheck.ReadOctets(file).TakeWhile(octet => octet is not ((byte)'\n' or (byte)'\r')).ToArray();
        return firstLine.Length > 0 ? new Passphrase(file, firstLine)
            : throw new PkiException($"{file} is empty: it must hold the passphrase of {keyFile} in its first line");
    }

    public static string FileOf(string keyFile) => Path.ChangeExtension(keyFile, ".passphrase");

    /// <summary>A character for each octet: that is how they are made octets again (PKCS#5, and OpenSSL's own form).</summary>
    public char[] GetPassword() => Encoding.Latin1.GetChars(Octets);

    /// <summary>The place alone: what is printed ends up in logs.</summary>
    public override string ToString() => File;
}
