using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Registry;

/// <summary>Which images of which archives belong into the registry, and under which names.</summary>
/// <param name="Problems">What could not be read, each by the name of its file.</param>
internal sealed record PreloadPlan(IReadOnlyList<PreloadItem> Items, IReadOnlyList<string> Problems)
{
    /// <summary>Two archives that hold the same name: the first has it.</summary>
    public static PreloadPlan Read(Bsroot bsroot, ClusterDescription cluster)
    {
        var items = new List<PreloadItem>();
        var problems = new List<string>();
        foreach (var path in ImageFiles.In(bsroot))
        {
            try
            {
                items.AddRange(ItemsOf(ImageArchive.At(path), Urls.Registry(cluster)));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                problems.Add($"{Path.GetFileName(path)}: {e.Message}");
            }
        }

        return new PreloadPlan([.. items.DistinctBy(item => item.Target)], problems);
    }

    /// <summary>What an archive holds, under the names that our registry gives it.</summary>
    /// <exception cref="InvalidDataException">An image has no name, and its archive's cannot be one.</exception>
    public static IReadOnlyList<PreloadItem> ItemsOf(ImageArchive archive, string registry) =>
        [.. archive.Images.Select(image =>
            new PreloadItem(archive, image, Tagged(RegistryMirror.NameOf(NameOf(archive, image, registry), registry))))];

    /// <summary>An image without a name of its own is the operator's, and is called like its file.</summary>
    private static ImageReference NameOf(ImageArchive archive, ArchivedImage image, string registry) =>
        image.Name
            ?? (ImageReference.TryParse($"{registry}/{ImageFiles.Stem(archive.Path)}:{image.Tag ?? "latest"}", out var name)
                ? name
                : throw new InvalidDataException("it names no image, and its own name cannot be one: letters, "
                    + "digits and hyphens can"));

    /// <summary>What is known by its digest alone gets a tag too, for what has none is rubbish to the registry.</summary>
    private static ImageReference Tagged(ImageReference image) =>
        image with { Tag = image.Tag ?? image.Digest!.Replace(':', '-'), Digest = null };
}

/// <param name="Target">The name in our registry.</param>
internal sealed record PreloadItem(ImageArchive Archive, ArchivedImage Image, ImageReference Target);
