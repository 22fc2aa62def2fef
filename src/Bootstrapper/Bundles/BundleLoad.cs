using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Bundles;

/// <summary>
/// Takes a bundle over into a data root. All of it is proved before anything is visible; what was interrupted goes on where it
/// stopped; what is there already stays as it is.
/// </summary>
/// <param name="trust">Whose bundles are taken over.</param>
internal sealed class BundleLoad(
    Bsroot bsroot, BundleArchive archive, BundleTrust trust, LoadLeave leave, IProgress<FileProgress> progress)
{
    private const int NoSpace = 28; // errno(3), ENOSPC

    private readonly string _scratch = bsroot.Scratch("bundle");

    /// <returns>What was written; nothing where all was there.</returns>
    /// <exception cref="BundleException">
    /// The bundle is not signed by whom we trust, it is not whole, it is older than what is here, or it would overwrite what an
    /// operator wrote.
    /// </exception>
    /// <exception cref="InvalidDataException">It is no bundle.</exception>
    /// <exception cref="IOException">The disk is full, or another load is under way.</exception>
    public async Task<IReadOnlyList<BundleFile>> RunAsync(CancellationToken cancellation)
    {
        var signer = await trust.RequireAsync(archive, cancellation);
        Directory.CreateDirectory(_scratch);
        await using var alone = new FileStream(
            Path.Combine(_scratch, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var manifest = archive.Manifest();
        Require(leave.Older ? [] : [.. LoadedBundle.Problems(bsroot, manifest, signer)]);
        Require(await new BundleCheck(archive, [DataRootContent.Among(bsroot, manifest)], progress).RunAsync(cancellation));
        Require([.. PlacesOnDisk.Problems(bsroot, manifest)]);
        var fresh = await NotThereAsync(manifest, bsroot.Root, "comparing", cancellation);
        RefuseToOverwrite(fresh);
        await StageAsync(manifest with { Files = fresh }, cancellation);
        new BundlePublication(bsroot, _scratch).Publish(fresh, manifest.Links);
        if (signer.Made is { } made)
        {
            new LoadedBundle(made, manifest.Identity()).Write(bsroot);
        }

        Directory.Delete(_scratch, recursive: true);
        return fresh;
    }

    private static void Require(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new BundleException(problems);
        }
    }

    /// <summary>Those files that a directory does not have as they should be.</summary>
    private async Task<IReadOnlyList<BundleFile>> NotThereAsync(
        BundleManifest manifest, string directory, string name, CancellationToken cancellation)
    {
        var candidates = manifest.Files.Where(file => !file.InBase).ToList();
        var counter = new BundleProgress(progress, name, candidates.Sum(file => file.Size));
        var absent = new List<BundleFile>();
        foreach (var file in candidates)
        {
            if (!await IsThereAsync(Path.Combine(directory, file.Path), file, counter, cancellation))
            {
                absent.Add(file);
            }
        }

        return absent;
    }

    private static async Task<bool> IsThereAsync(
        string path, BundleFile file, BundleProgress counter, CancellationToken cancellation)
    {
        if (new FileInfo(path) is not { Exists: true, Length: var length } || length != file.Size)
        {
            return false;
        }

        await using var stream = File.OpenRead(path);
        return await Hashing.Sha256Async(stream, counter, cancellation) == file.Sha256;
    }

    private void RefuseToOverwrite(IReadOnlyList<BundleFile> fresh)
    {
        var written = fresh.Select(file => file.Path)
            .Where(path => BundlePath.IsWritten(path) && File.Exists(bsroot.At(path))).ToList();
        if (written.Count > 0 && !leave.Overwrite)
        {
            throw new BundleException([.. written.Select(path => $"{path} is there already and differs from the bundle's: "
                + "nothing was changed; compare them, then use --force to replace yours")]);
        }
    }

    /// <summary>A disk that gets full meanwhile is given back what we took.</summary>
    private async Task StageAsync(BundleManifest fresh, CancellationToken cancellation)
    {
        try
        {
            var missing = await NotThereAsync(fresh, _scratch, "resuming", cancellation);
            DiskRoom.Require(_scratch, missing.Sum(file => file.Size));
            var counter = new BundleProgress(progress, "writing", missing.Sum(file => file.Size));
            foreach (var file in missing)
            {
                await StageAsync(file, counter, cancellation);
            }
        }
        catch (IOException e) when (e.HResult == NoSpace)
        {
            Directory.Delete(_scratch, recursive: true);
            throw new IOException($"the disk of {bsroot.Root} is full: nothing was changed", e);
        }
    }

    private async Task StageAsync(BundleFile file, BundleProgress counter, CancellationToken cancellation)
    {
        var staged = Path.Combine(_scratch, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        await using var source = archive.Open(file.Path)!;
        await using var target = new FileStream(
            staged,
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Bsroot.PublicFile });
        if (await Hashing.CopyAsync(source, target, counter, cancellation) != file.Sha256)
        {
            throw new IOException($"{archive.Path} was changed while it was read: {file.Path}");
        }

        await target.FlushAsync(cancellation);
        RandomAccess.FlushToDisk(target.SafeFileHandle);
    }
}

/// <summary>What an operator lets a bundle do.</summary>
/// <param name="Overwrite">Replace a description and templates that differ from its own.</param>
/// <param name="Older">Take the data root back to an older bundle, or to older releases.</param>
internal readonly record struct LoadLeave(bool Overwrite = false, bool Older = false);
