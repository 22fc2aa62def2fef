using Bootstrapper.InForce;

namespace Bootstrapper.Bundles;

/// <summary>Digests that nodes are told, and check: a file that has another one is as good as missing.</summary>
internal static class Promises
{
    /// <param name="files">With the digests that they really have.</param>
    /// <returns>One line for each that is not kept.</returns>
    public static IEnumerable<string> Broken(Snapshot snapshot, IContent content, IEnumerable<BundleFile> files)
    {
        var served = new ServedFiles(content);
        var actual = files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal);
        return
            from promise in OfImage(snapshot).Concat(OfBinaries(content))
            let path = served.Resolve(promise.Path).Path
            where actual.GetValueOrDefault(path) is { } sha256
                && !sha256.Equals(promise.Sha256, StringComparison.OrdinalIgnoreCase)
            let difference = $"its SHA-256 is {actual[path]} and should be {promise.Sha256}"
            select $"{path} is not what {promise.By} says: {difference}; no node will accept it";
    }

    private static IEnumerable<Promise> OfImage(Snapshot snapshot) =>
        snapshot.Cluster.Os.Image is { } image
            ? [new Promise($"{BundlePath.Www}{image.Path}", image.Sha256, $"{BundlePath.Description}, os.image,")]
            : [];

    private static IEnumerable<Promise> OfBinaries(IContent content) =>
        from list in content.Files
        where BinaryDemands.IsList(list)
        from entry in BinaryDemands.Entries(content.ReadText(list) ?? "")
        select new Promise(list[..(list.LastIndexOf('/') + 1)] + entry.Name, entry.Sha256, list);

    /// <param name="By">Who says so.</param>
    private sealed record Promise(string Path, string Sha256, string By);
}
