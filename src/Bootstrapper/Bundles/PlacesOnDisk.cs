namespace Bootstrapper.Bundles;

/// <summary>
/// Where in a data root the members of a bundle go. What a manifest says is proved by its text; what an earlier bundle or an
/// operator left there, links above all, is seen on the disk alone. Nothing is written through a link, wherever it leads.
/// </summary>
internal static class PlacesOnDisk
{
    /// <returns>Why members cannot be put there, one line for each thing in the way.</returns>
    public static IEnumerable<string> Problems(Bsroot bsroot, BundleManifest manifest)
    {
        var files = manifest.Files.Where(file => !file.InBase).Select(file => file.Path).ToList();
        var links = manifest.Links.Select(link => link.Path).ToList();
        var through = manifest.Links.SelectMany(link => BundlePath.Through(link.Path, link.Target));
        return files.Concat(links).SelectMany(BundlePath.Parents).Concat(through).Distinct(StringComparer.Ordinal)
            .Where(path => IsLink(bsroot.At(path)))
            .Select(path => $"{bsroot.At(path)} is a link to {new FileInfo(bsroot.At(path)).LinkTarget}, and a bundle writes "
                + "nothing through a link: put a directory in its place, or mount what it leads to there")
            .Concat(files.Where(path => Directory.Exists(bsroot.At(path)))
                .Concat(links.Where(path => Directory.Exists(bsroot.At(path)) && !IsLink(bsroot.At(path))))
                .Select(path => $"{bsroot.At(path)} is a directory, and the bundle has something else of that name: remove it"));
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
