using Bootstrapper.Host;

namespace Bootstrapper.InForce;

/// <summary>The files that an operator edits, and those that enrolling and the preloader of images write.</summary>
internal static class WatchedFiles
{
    /// <summary>Another text when any of them was changed, added or removed.</summary>
    public static string Stamp(Bsroot bsroot) => FileStamp.Of(Files(bsroot));

    /// <summary>What is to be watched to learn of that.</summary>
    public static IEnumerable<string> Places(Bsroot bsroot) =>
        [.. Files(bsroot), bsroot.Root, .. FileWatch.AllIn(bsroot.Templates), .. FileWatch.AllIn(bsroot.Manifests)];

    private static IEnumerable<string> Files(Bsroot bsroot) =>
    [
        bsroot.Description, bsroot.Enrolled, bsroot.PxeHosts, bsroot.ImageDigests,
        bsroot.At(Cluster.Node.DefaultTemplate),
        .. FilesIn(bsroot.Root, "*.yaml", SearchOption.TopDirectoryOnly), // templates of pxe_coreos
        .. FilesIn(bsroot.Templates, "*", SearchOption.AllDirectories),
        .. FilesIn(bsroot.Manifests, "*", SearchOption.AllDirectories),
    ];

    private static IEnumerable<string> FilesIn(string directory, string pattern, SearchOption depth) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory, pattern, depth).Order(StringComparer.Ordinal) : [];
}
