using System.Collections.Concurrent;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Signatures;

namespace Bootstrapper.Images.Releases;

/// <summary>Puts a release together in a directory that nobody sees, and proves every file of it.</summary>
internal sealed class ReleaseDownload(
    Downloader downloader, SignatureCheck signatures, string directory, IProgress<FileProgress> progress)
{
    /// <summary>A release has four files; servers take no offence at that.</summary>
    private const int AtOnce = 4;

    /// <summary>
    /// A release is signed within days, and nothing else that is signed names the release of a file: a longer time means that
    /// files of another one were put among them.
    /// </summary>
    private static readonly TimeSpan LongestSigning = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _signed = new(StringComparer.Ordinal);

    /// <summary>When it returns, everything is there, proved and readable.</summary>
    /// <exception cref="ReleaseException">
    /// A file cannot be downloaded, or is not what it should be. What is proved stays for the next attempt.
    /// </exception>
    public async Task RunAsync(Release release, CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(
            release.Files, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, FetchAsync);
        CheckVersion(release);
        CheckDates(release);
        Open(release);
    }

    private async ValueTask FetchAsync(ReleaseFile file, CancellationToken cancellation)
    {
        if (file.Signature is { } signature) // first, for it is small: without it the rest is of no use
        {
            await downloader.FetchAsync(signature, At(file.SignatureName), Unwatched.Instance, cancellation);
        }

        var hasDigests = file.Digests is { } digests && await TryFetchAsync(digests, At(file.DigestsName), cancellation);
        await downloader.FetchAsync(file.Url, At(file.Name), progress, cancellation);
        if (await ObjectionAsync(file, hasDigests, cancellation) is { } objection)
        {
            Discard(file);
            throw new ReleaseException($"{file.Url} is refused: {objection}");
        }
    }

    private async Task<bool> TryFetchAsync(Uri from, string file, CancellationToken cancellation)
    {
        try
        {
            await downloader.FetchAsync(from, file, Unwatched.Instance, cancellation);
            return true;
        }
        catch (DownloadException failure) when (failure.IsAbsent)
        {
            PartialFile.Discard(file);
            return false;
        }
    }

    private async Task<string?> ObjectionAsync(ReleaseFile file, bool hasDigests, CancellationToken cancellation)
    {
        var objection = file.Signature is null ? null : await SignatureObjectionAsync(file, cancellation);
        objection ??= file.Sha256 is null ? null : await Digests.ObjectionAsync(file.Sha256, At(file.Name), cancellation);
        return objection ?? (hasDigests ? await DigestsObjectionAsync(file, cancellation) : null);
    }

    private async Task<string?> SignatureObjectionAsync(ReleaseFile file, CancellationToken cancellation)
    {
        var status = await signatures.StatusAsync(At(file.SignatureName), At(file.Name), cancellation);
        _signed[file.Name] = status.Made;
        return status.Objection;
    }

    private async Task<string?> DigestsObjectionAsync(ReleaseFile file, CancellationToken cancellation)
    {
        var (text, objection) = await signatures.ReadAsync(At(file.DigestsName), cancellation);
        return objection is null
            ? await Digests.ObjectionAsync(text, file.Name, At(file.Name), cancellation)
            : $"{file.DigestsName}: {objection}";
    }

    /// <summary>The wrong bytes may be what a power cut left of the right ones: the next attempt begins from nothing.</summary>
    private void Discard(ReleaseFile file)
    {
        foreach (var name in new[] { file.Name, file.SignatureName, file.DigestsName })
        {
            PartialFile.Discard(At(name));
        }
    }

    /// <summary>Signed files of another release are good files of the wrong one.</summary>
    private void CheckVersion(Release release)
    {
        if (release.VersionText is { } text)
        {
            Bsroot.Write(At(ReleaseVersion.FileName), text);
        }
        else if (ReleaseVersion.Read(File.ReadAllText(At(ReleaseVersion.FileName))) is var told && told != release.Version)
        {
            release.Files.ToList().ForEach(Discard);
            throw new ReleaseException(
                $"{release.Files[0].Url} is refused: the release there calls itself {told ?? "nothing"}, not {release.Version}");
        }
    }

    /// <summary>A new version.txt among old files is signed as well as they are, and later.</summary>
    private void CheckDates(Release release)
    {
        var dates = _signed.OrderBy(file => file.Value).ToList();
        if (dates is [var first, .., var last] && last.Value - first.Value > LongestSigning)
        {
            release.Files.ToList().ForEach(Discard);
            throw new ReleaseException($"{release.Files[0].Url} is refused: {first.Key} there was signed on "
                + $"{first.Value:yyyy-MM-dd} and {last.Key} on {last.Value:yyyy-MM-dd}: they are not of one release");
        }
    }

    private void Open(Release release)
    {
        var names = release.Files.SelectMany(file => new[] { file.Name, file.SignatureName, file.DigestsName })
            .Append(ReleaseVersion.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            if (names.Contains(Path.GetFileName(file)))
            {
                File.SetUnixFileMode(file, Bsroot.PublicFile);
            }
            else
            {
                File.Delete(file);
            }
        }
    }

    private string At(string name) => Path.Combine(directory, name);
}
