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

    /// <summary>Likewise, of those alone that the bootstrapper writes itself: nothing holds them.</summary>
    public static string StampOfOwn(Bsroot bsroot) => FileStamp.Of([bsroot.Enrolled, bsroot.ImageDigests]);

    private static IEnumerable<string> Files(Bsroot bsroot) =>
        [.. EditedFiles(bsroot), bsroot.Enrolled, bsroot.ImageDigests];

    /// <summary>Those that operators write, whether they are there or not.</summary>
    public static IEnumerable<string> EditedFiles(Bsroot bsroot) =>
    [
        bsroot.Description, bsroot.PxeHosts, bsroot.Edited(Cluster.Node.DefaultTemplate),
        .. TemplatesOfPxeCoreos(bsroot.Edited("")),
        .. FilesBelow.Of(bsroot.Templates).Order(StringComparer.Ordinal),
        .. FilesBelow.Of(bsroot.Manifests).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> TemplatesOfPxeCoreos(string root) =>
        Directory.Exists(root) ? Directory.EnumerateFiles(root, "*.yaml").Order(StringComparer.Ordinal) : [];
}
