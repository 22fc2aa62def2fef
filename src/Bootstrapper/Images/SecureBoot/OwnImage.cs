using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Images.SecureBoot;

/// <summary>
/// The image that machines with <c>secure_boot: uki</c> start, and whether they would: the firmware by its signature, what is
/// in it by the root that it believes, and the address that it asks.
/// </summary>
internal static class OwnImage
{
    public const string Maker = "docker/uki.sh";

    private const string Asks = "cloud-config-url=", Script = "/start.sh";

    private static readonly LoaderChoice Image = LoaderChoice.Of(BootLoader.Uki)!;

    private static string Name => $"tftpboot/{Image.File}";

    /// <returns>Nothing where no machine is to start it.</returns>
    public static IEnumerable<Problem> Check(ClusterDescription cluster, Bsroot bsroot)
    {
        if (cluster.BootLoader != BootLoader.Uki && cluster.Nodes.All(node => node.BootLoader != BootLoader.Uki))
        {
            return [];
        }

        var file = Path.Combine(bsroot.TftpRoot, Image.File);
        return File.Exists(file)
            ? Objections(file, cluster, bsroot).Select(text =>
                Problem.Error("", $"{text} (docs/secure-boot.md)") with { File = Name })
            :
            [
                Problem.Warning("", $"{Name} is missing: no machine with secure_boot: uki boots; {Maker} makes it "
                    + "(docs/secure-boot.md)"),
            ];
    }

    private static IEnumerable<string> Objections(string file, ClusterDescription cluster, Bsroot bsroot)
    {
        SignedProgram image;
        X509Certificate2? own;
        try
        {
            image = SignedProgram.Read(file);
            own = File.Exists(bsroot.SecureBootCertificate) ? SecureBootKey.Read(bsroot) : null;
        }
        catch (Exception e) when (e is InvalidDataException or PkiException or IOException or UnauthorizedAccessException)
        {
            return [e.Message];
        }

        using (own)
        {
            var unsigned = image.Objection(own, "secureboot/db.crt");
            string?[] all =
            [
                unsigned is null ? null : $"{unsigned}: no machine starts it",
                OfCommandLine(image, cluster),
                OfRoot(image, bsroot),
            ];
            return [.. all.OfType<string>()];
        }
    }

    private static string? OfCommandLine(SignedProgram image, ClusterDescription cluster)
    {
        if (image.Section(".cmdline") is not { } section)
        {
            return $"has no command line in it: {Maker} makes one that has";
        }

        var asked = Encoding.UTF8.GetString(section).TrimEnd('\0').Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(word => word.StartsWith(Asks, StringComparison.Ordinal))?[Asks.Length..];
        var ours = OurScripts(cluster).ToList();
        return asked is null ? $"does not say in its command line where to ask ({Asks}): run {Maker} again"
            : !ours.Contains(asked, StringComparer.Ordinal)
                ? $"asks {Host.Printable.Escaped(asked)}, and this bootstrapper is asked at {string.Join(" or ", ours)}: "
                    + $"run {Maker} again"
            : null;
    }

    private static IEnumerable<string> OurScripts(ClusterDescription cluster) =>
        cluster.Networks.Select(network => Urls.Secure(cluster.SeenFrom(network))).Prepend(Urls.Secure(cluster))
            .Append(Urls.SecureByName(cluster)).Distinct(StringComparer.Ordinal).Select(url => url + Script);

    /// <summary>Before the first start there is no root that could be another one.</summary>
    private static string? OfRoot(SignedProgram image, Bsroot bsroot)
    {
        if (!File.Exists(bsroot.CaCertificate))
        {
            return null;
        }

        try
        {
            using var root = X509Certificate2.CreateFromPem(File.ReadAllText(bsroot.CaCertificate));
            return image.Section(".initrd") is { } disk && Holds(disk, root)
                ? null
                : $"was made for another CA than that in ca.crt: what it starts would not trust us; run {Maker} again";
        }
        catch (Exception e) when (
            e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null; // the roots' own check tells
        }
    }

    /// <summary>Lines are as whoever made the file broke them.</summary>
    private static bool Holds(byte[] disk, X509Certificate2 root)
    {
        var text = Convert.ToBase64String(root.RawData);
        var first = Encoding.ASCII.GetBytes(text[..Math.Min(text.Length, LineLength)]);
        for (var rest = disk.AsSpan(); rest.IndexOf(first) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var lines = Encoding.ASCII.GetString(rest[at..Math.Min(rest.Length, at + text.Length * 2)]);
            if (string.Concat(lines.Where(letter => !char.IsWhiteSpace(letter))).StartsWith(text, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As PEM has it (RFC 7468, 2).</summary>
    private const int LineLength = 64;
}
