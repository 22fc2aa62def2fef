namespace Bootstrapper.Registry;

/// <summary>An OCI layout in a tar file.</summary>
internal sealed record OciArchive(string Path, IReadOnlyList<ArchivedImage> Images) : ImageArchive(Path, Images)
{
    public override bool HasManifests => true;

    /// <param name="index">Its file <see cref="OciLayout.Contents"/>.</param>
    public static OciArchive Open(string path, ReadOnlySpan<byte> index) =>
        new(path, new OciLayout(path, OciLayout.DescriptorsOf(index)).Images);

    public override async Task<Func<ArchivedImage, string>> UnpackAsync(string scratch, CancellationToken cancellation)
    {
        var layout = System.IO.Path.Combine(scratch, "layout");
        await TarFiles.ExtractAsync(Path, layout, cancellation);
        return await OciLayout.Open(layout).UnpackAsync(scratch, cancellation);
    }
}
