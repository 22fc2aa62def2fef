using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>What is recorded of a node's leaves, in <c>tls/&lt;mac&gt;/</c>.</summary>
/// <remarks>
/// <c>NAME.pem</c> is a leaf that we made: certificate and key in one file, written whole or not at all, so that no kill can part
/// them. <c>NAME.crt</c> are certificates for keys that the node made itself, the newest first; the key never was here.
/// </remarks>
internal sealed class LeafFiles(Bsroot bsroot)
{
    private const string Made = ".pem";
    private const string Requested = ".crt";

    /// <summary>
    /// The newest, the one it was asked for with, and some whose answers may have been lost on the way; so many that who has
    /// stolen one cannot renew the node's own away in a few days.
    /// </summary>
    internal const int MostRequested = 16;

    /// <summary>The leaf that we made.</summary>
    /// <returns><c>null</c> when there is none, none that can be read, or the node has a newer one for its own key.</returns>
    public Leaf? Read(MacAddress mac, string name)
    {
        var file = FileOf(mac, name + Made);
        return File.Exists(file) && Leaf.FromPem(File.ReadAllText(file)) is { } made && IsNewest(mac, name, made) ? made : null;
    }

    public void Write(MacAddress mac, string name, Leaf leaf) =>
        Bsroot.Write(FileOf(mac, name + Made), leaf.ToPem(), Bsroot.SecretFile);

    /// <summary>Records a certificate, before those that are there. From now on only the node has a key.</summary>
    /// <param name="shown">What the node showed when it asked: it shows it again, should our answer be lost.</param>
    public void Add(MacAddress mac, string name, string certificatePem, X509Certificate2 shown)
    {
        var before = Certificates(mac, name).OrderByDescending(known => known.Equals(shown)).Take(MostRequested - 1);
        var all = certificatePem + string.Concat(before.Select(known => known.ExportCertificatePem() + "\n"));
        Bsroot.Write(FileOf(mac, name + Requested), all, Bsroot.SecretFile);
        Bsroot.Remove(FileOf(mac, name + Made));
    }

    /// <summary>The certificates of one leaf, the newest first.</summary>
    public IReadOnlyList<X509Certificate2> Certificates(MacAddress mac, string name) => Certificates(DirectoryOf(mac), name);

    /// <summary>All nodes with the leaves that are recorded for them.</summary>
    public IEnumerable<(MacAddress Mac, string Name, IReadOnlyList<X509Certificate2> Certificates)> All() =>
        !Directory.Exists(bsroot.Tls) ? [] :
        from directory in Directory.EnumerateDirectories(bsroot.Tls).Order(StringComparer.Ordinal)
        where MacAddress.TryParse(Path.GetFileName(directory), null, out _)
        from name in FilesIn(directory).Where(IsLeaf).Select(Path.GetFileNameWithoutExtension)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        select (MacAddress.Parse(Path.GetFileName(directory), null), name, Certificates(directory, name));

    /// <summary>Whether anything was ever issued to a node, and not forgotten since.</summary>
    public bool IsAny(MacAddress mac) => Directory.Exists(DirectoryOf(mac));

    public void Forget(MacAddress mac) => Bsroot.Remove(DirectoryOf(mac));

    private static IReadOnlyList<X509Certificate2> Certificates(string directory, string name) =>
    [
        .. new[] { Made, Requested }.Select(kind => Path.Combine(directory, name + kind)).Where(File.Exists)
            .SelectMany(file => RootCheck.Certificates(TextOf(file)))
            .OrderByDescending(certificate => certificate.NotBefore),
    ];

    /// <summary>A node may be forgotten, or its leaf renewed, while all are looked through.</summary>
    private static string[] FilesIn(string directory)
    {
        try
        {
            return Directory.GetFiles(directory);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc cref="FilesIn"/>
    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    /// <summary>Killed while it was renewed, we find the leaf that we made beside those that followed.</summary>
    private bool IsNewest(MacAddress mac, string name, Leaf made) => !File.Exists(FileOf(mac, name + Requested))
        || Certificates(mac, name) is [var newest, ..] && RootCheck.Certificates(made.CertificatePem).Contains(newest);

    /// <summary>Not one that is being written: those begin with a dot.</summary>
    private static bool IsLeaf(string file) =>
        Path.GetExtension(file) is Made or Requested && !Path.GetFileName(file).StartsWith('.');

    private string FileOf(MacAddress mac, string file) => Path.Combine(DirectoryOf(mac), file);

    private string DirectoryOf(MacAddress mac) => Path.Combine(bsroot.Tls, mac.ToHyphenated());
}
