using Bootstrapper.Cluster;

namespace Bootstrapper.Registry;

/// <summary>
/// Brings images from their registries into <c>images/upstream</c>, several at a time; one that fails does not keep the others.
/// </summary>
/// <param name="said">Told of each image as it arrives or fails.</param>
internal sealed class ImageFetch(Bsroot bsroot, FetchOptions options, Action<FetchedImage> said)
{
    private const int AtOnce = 3;

    private readonly string _scratch = bsroot.Scratch("fetch-images");
    private readonly FetchedImages _store = new(bsroot);
    private readonly Lock _gate = new();
    private ImageLock _lock = new([]);
    private bool _failed;

    /// <returns>Whether all images are there.</returns>
    /// <exception cref="IOException">Another one runs on this data root, or it cannot be written.</exception>
    /// <exception cref="InvalidDataException">What was fetched before is broken.</exception>
    public async Task<bool> RunAsync(IReadOnlyList<ImageReference> images, CancellationToken cancellation)
    {
        await using var alone = Reserve();
        _lock = ImageLock.Read(bsroot);
        await Parallel.ForEachAsync(
            images,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (image, token) => await BringAsync(image, token));
        _store.RemoveUnreachable();
        return !_failed;
    }

    /// <summary>The scratch directory, ours alone and empty. A process that dies lets go of it.</summary>
    private FileStream Reserve()
    {
        Directory.CreateDirectory(_scratch);
        var alone = new FileStream(Path.Combine(_scratch, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        foreach (var leftover in Directory.EnumerateDirectories(_scratch))
        {
            Directory.Delete(leftover, recursive: true);
        }

        return alone;
    }

    private async Task BringAsync(ImageReference image, CancellationToken cancellation)
    {
        try
        {
            var known = _lock.Find($"{image}", options.Architecture);
            var isHere = known is not null && !options.Update && _store.Has(known.Reference, known.Manifest);
            said(isHere
                ? new FetchedImage(image, known!.Manifest, IsNew: false)
                : await FetchAsync(image, options.Update ? null : known, cancellation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _failed = true;
            said(new FetchedImage(image, Digest: null, IsNew: false) { Problem = e.Message });
        }
    }

    private async Task<FetchedImage> FetchAsync(ImageReference image, LockedImage? known, CancellationToken cancellation)
    {
        var skopeo = new Skopeo(_scratch);
        var digest = image.Digest ?? known?.Digest ?? await skopeo.DigestAsync(image, options.Certificates, cancellation);
        var directory = Path.Combine(_scratch, Path.GetRandomFileName());
        // Who asks by digest may ask for the list of all architectures, so all of them are needed.
        var architecture = image.Digest is null ? options.Architecture : null;
        await skopeo.PullAsync(image with { Digest = digest }, directory, architecture, options.Certificates, cancellation);
        lock (_gate)
        {
            var manifest = _store.Add($"{image}", directory);
            _lock = _lock.With(new LockedImage(
                $"{image}", digest, manifest, options.Architecture, Path.GetFileName(bsroot.FetchedImages)));
            _lock.Write(bsroot);
            return new FetchedImage(image, manifest, IsNew: true);
        }
    }
}

/// <param name="Architecture">Of the nodes, as Go names it: <c>amd64</c>, <c>arm64</c>.</param>
/// <param name="Update">Whether names are looked up again that are locked.</param>
/// <param name="Certificates">Directory with roots (<c>.crt</c>) to trust besides the system's.</param>
internal sealed record FetchOptions(string Architecture, bool Update, string? Certificates);

/// <param name="Digest">Of its manifest; <c>null</c> where it failed.</param>
/// <param name="IsNew">Whether it had to be fetched.</param>
internal sealed record FetchedImage(ImageReference Image, string? Digest, bool IsNew)
{
    public string? Problem { get; init; }
}
