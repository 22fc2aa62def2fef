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
        .. TemplatesOfPxeCoreos(bsroot.Root),
        .. FilesBelow.Of(bsroot.Templates).Order(StringComparer.Ordinal),
        .. FilesBelow.Of(bsroot.Manifests).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> TemplatesOfPxeCoreos(string root) =>
        Directory.Exists(root) ? Directory.EnumerateFiles(root, "*.yaml").Order(StringComparer.Ordinal) : [];
}
