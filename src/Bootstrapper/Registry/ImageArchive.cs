using Bootstrapper.Host;

namespace Bootstrapper.Registry;

/// <summary>A file or directory that holds container images.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Images">
/// What is in it; the digests are what the archive says of itself, and are checked when it is copied.
/// </param>
internal abstract record ImageArchive(string Path, IReadOnlyList<ArchivedImage> Images)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Whether a registry can have its manifests as they are; if not, they are made when they are pushed.</summary>
    public abstract bool HasManifests { get; }

    /// <exception cref="InvalidDataException">It is of no kind that is known, or broken.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ImageArchive At(string path)
    {
        if (FileStamp.IsOther(path))
        {
            throw new InvalidDataException(BoundedFile.IsOther);
        }

        if (Directory.Exists(path))
        {
            return Read(() => OciLayout.Open(path));
        }

        using var content = File.OpenRead(path);
        return Of(path, content);
    }

    /// <param name="content">A tar file that can be sought in, from its beginning.</param>
    /// <exception cref="InvalidDataException">It is of no kind that is known, or broken.</exception>
    public static ImageArchive Of(string path, Stream content) => Read(() => KindOf(path, content));

    private static ImageArchive KindOf(string path, Stream content)
    {
        var files = TarFiles.Read(
            content,
            new HashSet<string>(StringComparer.Ordinal) { DockerArchive.Contents, OciLayout.Contents });
        return files.Texts.TryGetValue(DockerArchive.Contents, out var list) ? DockerArchive.Open(path, list)
            : files.Texts.TryGetValue(OciLayout.Contents, out var index) ? OciArchive.Open(path, content, index, files.Names)
            : throw new InvalidDataException(
                $"neither a docker-archive nor an oci-archive: it has no {DockerArchive.Contents} and no {OciLayout.Contents}");
    }

    /// <summary>JSON of others may have a number or nothing where a name belongs.</summary>
    private static ImageArchive Read(Func<ImageArchive> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // Whatever is wrong with what it says of itself, no other archive is to be left out for it.
        catch (Exception e) when (e is not (IOException or InvalidDataException or UnauthorizedAccessException))
#pragma warning restore CA1031
        {
            throw new InvalidDataException($"what it says of its images is broken: {e.Message}", e);
        }
    }

    /// <summary>Makes what skopeo can read out of it.</summary>
    /// <param name="scratch">An empty directory.</param>
    /// <returns>Gives an image's name as skopeo's source, seen from <paramref name="scratch"/>.</returns>
    public abstract Task<Func<ArchivedImage, string>> UnpackAsync(string scratch, CancellationToken cancellation);
}
