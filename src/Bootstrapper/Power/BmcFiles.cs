using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>Reads the files that the description names for a BMC, each time anew: they may have changed.</summary>
internal sealed class BmcFiles(Bsroot bsroot)
{
    private const int MostPassword = 4096, MostCertificates = 1024 * 1024;

    /// <returns>The first line, without its end.</returns>
    /// <exception cref="PowerException">It cannot be read, others can read it, or there is none in it.</exception>
    public string Password(BmcSettings bmc)
    {
        var file = FileOf(bmc.PasswordFile);
        var text = Read(file, MostPassword, isSecret: true);
        var password = text.Split('\n')[0].TrimEnd('\r');
        return password.Length == 0 ? throw Wrong(file, "has no password in its first line")
            : password.Any(char.IsControl) // ipmitool, for one, ends it at a tab
                ? throw Wrong(file, "has a tab or another control character in its first line: take another password")
            : password;
    }

    /// <summary>Those that a BMC's certificate must be of, or come from; <c>null</c> for what the system trusts.</summary>
    /// <exception cref="PowerException">They cannot be read.</exception>
    public X509Certificate2Collection? Certificates(BmcSettings bmc)
    {
        if (bmc.Ca is not { } ca)
        {
            return null;
        }

        var file = FileOf(ca);
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(Read(file, MostCertificates, isSecret: false));
            return certificates.Count > 0 ? certificates : throw Wrong(file, "has no certificate in it (PEM)");
        }
        catch (CryptographicException)
        {
            throw Wrong(file, "is not a list of certificates (PEM)");
        }
    }

    private static string Read(string file, int most, bool isSecret)
    {
        try
        {
            return !File.Exists(file) ? throw Wrong(file, "is not there")
                : isSecret && NamedFile.IsOpenToOthers(file)
                    ? throw Wrong(file, $"can be read by other users of this host: chmod 600 {file}, and change the password")
                : BoundedFile.ReadText(file, most);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(file, $"cannot be read: {Printable.OnOneLine(e.Message)}");
        }
    }

    /// <summary>Where the name leads in the end, which must be in the data root.</summary>
    private string FileOf(string name)
    {
        var (root, file) = (RealPath.Of(bsroot.Root), bsroot.At(name));
        try
        {
            var real = RealPath.Of(file);
            return !real.StartsWith($"{root}/", StringComparison.Ordinal) ? throw Wrong(file, "leads out of the data root")
                : SecretSyntax.IsOwn(real[(root.Length + 1)..])
                    ? throw Wrong(file, "leads to what is the bootstrapper's own, and not for a BMC")
                : file;
        }
        catch (IOException)
        {
            throw Wrong(file, "is a link that leads nowhere");
        }
    }

    private static PowerException Wrong(string file, string why) => new(PowerFailure.NotDescribed, $"{file} {why}");
}
