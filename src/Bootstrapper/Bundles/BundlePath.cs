using Bootstrapper.Cluster.Manifests;
using Bootstrapper.Host;
using Bootstrapper.Model;
using Bootstrapper.Registry;

namespace Bootstrapper.Bundles;

/// <summary>
/// Names of files in a bundle: those that they have in the data root, with forward slashes. What may be in a bundle is listed
/// here, and nothing else ever is: no key of ours, no inventory, no token.
/// </summary>
internal static class BundlePath
{
    public const string Manifest = "manifest.json";

    /// <summary>Of the manifest's bytes; so of every file, for the manifest has their digests.</summary>
    public const string Signature = "manifest.json.sig";

    /// <summary>The program itself, as <c>docker load</c> takes it.</summary>
    public const string Program = "bootstrapper.tar";

    public const string Description = Bsroot.DescriptionName;

    public const string Templates = "templates/";

    /// <summary>Kubernetes objects of the operator.</summary>
    public const string Manifests = ManifestReader.Folder;

    public const string Tftp = "tftpboot/";

    public const string Www = "www/";

    public const string Images = "images/";

    public const string SigningKeys = "signing-keys/";

    /// <summary>Written by us, and not a key.</summary>
    private const string SigningKeysReadme = $"{SigningKeys}{Bootstrapper.Images.Signatures.SigningKeys.ReadmeName}";

    /// <summary>A matchbox data directory, assets and all.</summary>
    public const string Matchbox = $"{Bsroot.MatchboxName}/";

    public const string MatchboxAssets = $"{Matchbox}assets/";

    public const string PxeHosts = Cluster.Reading.PxeHosts.FileName;

    /// <summary>The directories that are carried, each with all that is below it.</summary>
    public static readonly IReadOnlyList<string> Trees = [Images, Manifests, Matchbox, SigningKeys, Templates, Tftp, Www];

    private const int Longest = 1024;

    /// <summary>The last is that of pxe_coreos' templates; ours are <c>.yml</c>.</summary>
    private static readonly string[] TemplateEndings = [".template", ".ign", ".ignition", ".yaml"];

    /// <summary>
    /// Whether the name is one that a bundle may have: it leads neither out of the data root nor to what stays in it.
    /// </summary>
    public static bool IsAllowed(string path) =>
        IsPlain(path) && !IsRendered(path)
        && (path is Program or Description or PxeHosts || IsRootTemplate(path)
            || Trees.Any(tree => path.StartsWith(tree, StringComparison.Ordinal)));

    /// <summary>A template in the data root itself, where sextant and pxe_coreos had theirs.</summary>
    public static bool IsRootTemplate(string path) =>
        !path.Contains('/', StringComparison.Ordinal)
            && Array.Exists(TemplateEndings, ending => path.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>What an operator writes or chose to trust, and nobody overwrites unasked.</summary>
    public static bool IsWritten(string path) =>
        path is Description or PxeHosts || IsRootTemplate(path) || path.StartsWith(Templates, StringComparison.Ordinal)
        || path.StartsWith(Manifests, StringComparison.Ordinal)
        || (path.StartsWith(SigningKeys, StringComparison.Ordinal) && path != SigningKeysReadme)
        || (path.StartsWith(Matchbox, StringComparison.Ordinal) && !path.StartsWith(MatchboxAssets, StringComparison.Ordinal));

    /// <summary>
    /// Whether a link is allowed that has this name and holds this target: it may not lead out of its own tree, whatever links
    /// are made later. So <c>..</c> stands in front alone: behind a name it goes up from wherever that name leads to.
    /// </summary>
    public static bool IsAllowedLink(string path, string target) =>
        IsAllowed(path) && target.Length is > 0 and <= Longest && !target.StartsWith('/') && !target.Any(Printable.BreaksLines)
            && !Steps(target).SkipWhile(name => name == "..").Contains("..", StringComparer.Ordinal)
            && Follow(path, target) is { } goal && TreeOf(goal) is { } tree && tree == TreeOf(path);

    /// <returns>What a link leads through, and not what it leads to: <c>www/a</c> for <c>a/b</c> in <c>www/</c>.</returns>
    public static IEnumerable<string> Through(string path, string target) =>
        from count in Enumerable.Range(1, Math.Max(0, Steps(target).Count() - 1))
        let passed = Follow(path, string.Join('/', Steps(target).Take(count)))
        where !string.IsNullOrEmpty(passed)
        select passed;

    /// <returns>The directories that a file or a link lies in, the outermost first.</returns>
    public static IEnumerable<string> Parents(string path) =>
        from slash in Enumerable.Range(0, path.Length)
        where path[slash] == '/'
        select path[..slash];

    /// <summary>Where a relative link leads to; <c>null</c> where that is above the data root.</summary>
    public static string? Follow(string path, string target)
    {
        var names = path.Split('/').SkipLast(1).ToList();
        foreach (var name in Steps(target))
        {
            if (name != "..")
            {
                names.Add(name);
            }
            else if (names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else
            {
                return null;
            }
        }

        return string.Join('/', names);
    }

    /// <summary>The last among equals to be put into place: what names the others.</summary>
    public static int Rank(string path) => path switch
    {
        Description or PxeHosts => 5,
        _ when path.StartsWith($"{Matchbox}groups/", StringComparison.Ordinal) => 4,
        _ when path.StartsWith($"{Matchbox}profiles/", StringComparison.Ordinal) => 3,
        _ when IsWritten(path) => 2,
        _ when path.StartsWith(Images, StringComparison.Ordinal) && (path.EndsWith(
            $"/{OciLayout.Contents}", StringComparison.Ordinal) || path.EndsWith(".lock.json", StringComparison.Ordinal)) => 1,
        _ => 0,
    };

    private static IEnumerable<string> Steps(string target) => target.Split('/').Where(name => name is not ("" or "."));

    private static bool IsRendered(string path) =>
        path is $"{Tftp}{LoaderChoice.GrubDirectory}/grub.cfg" or $"{Tftp}{LoaderChoice.GrubDirectoryOnArm64}/grub.cfg"
            || path.StartsWith($"{Tftp}pxelinux.cfg/", StringComparison.Ordinal);

    private static string? TreeOf(string path) =>
        Trees.FirstOrDefault(tree => $"{path}/".StartsWith(tree, StringComparison.Ordinal));

    /// <summary>Whether it is a path below some directory, which leads nowhere else.</summary>
    public static bool IsPlain(string path) =>
        path.Length is > 0 and <= Longest && !path.Any(Printable.BreaksLines)
            && path.Split('/').All(name => name is not ("" or "." or ".."));
}
