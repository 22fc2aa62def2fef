namespace Bootstrapper.Registry;

/// <summary>An OCI layout in a tar file.</summary>
internal sealed record OciArchive(string Path, IReadOnlyList<ArchivedImage> Images) : ImageArchive(Path, Images)
{
    public override bool HasManifests => true;

    /// <param name="index">Its file <see cref="OciLayout.Contents"/>.</param>
    /// <param name="names">Of all its files.</param>
    public static OciArchive Open(string path, Stream content, ReadOnlySpan<byte> index, IReadOnlySet<string> names)
    {
        var descriptors = OciLayout.DescriptorsOf(index);
        var lists = descriptors.Where(PlatformLists.IsList).Select(list => OciLayout.BlobOf((string)list!["digest"]!))
            .ToHashSet(StringComparer.Ordinal);
        var texts = lists.Count == 0 ? null : TarFiles.Read(content, lists).Texts;
        var present = PlatformLists.Present(descriptors, names.Contains, file => texts?.GetValueOrDefault(file));
        return new(path, new OciLayout(path, present).Images);
    }

    public override async Task<Func<ArchivedImage, string>> UnpackAsync(string scratch, CancellationToken cancellation)
    {
        var layout = System.IO.Path.Combine(scratch, "layout");
        await TarFiles.ExtractAsync(Path, layout, cancellation);
        return await OciLayout.Open(layout).UnpackAsync(scratch, cancellation);
    }
}
