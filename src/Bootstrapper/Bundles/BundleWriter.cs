using System.Formats.Tar;
using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Bundles;

/// <summary>
/// Writes a bundle: the manifest and its signature, then the files by name, then the links. No clock, owner or process number
/// gets in.
/// </summary>
internal static class BundleWriter
{
    /// <summary>A tar's header and what fills up its blocks; generously.</summary>
    private const long PerFile = 2048;

    public static async Task WriteAsync(
        string output,
        BundleHead head,
        BundleManifest manifest,
        IContent content,
        IProgress<FileProgress> progress,
        CancellationToken cancellation)
    {
        var files = manifest.Files.Where(file => !file.InBase).ToList();
        DiskRoom.Require(Path.GetDirectoryName(output)!, files.Sum(file => file.Size + PerFile));
        await Bsroot.WriteAsync(
            output,
            Bsroot.PublicFile,
            target => WriteAsync(
                target,
                head,
                manifest,
                files,
                content,
                new BundleProgress(progress, "writing", files.Sum(file => file.Size)),
                cancellation));
    }

    private static async Task WriteAsync(
        Stream target,
        BundleHead head,
        BundleManifest manifest,
        IReadOnlyList<BundleFile> files,
        IContent content,
        BundleProgress progress,
        CancellationToken cancellation)
    {
        await using var tar = new TarWriter(target, TarEntryFormat.Gnu, leaveOpen: true);
        await tar.WriteEntryAsync(Regular(BundlePath.Manifest, new MemoryStream(head.Manifest)), cancellation);
        if (head.Signature is { } signature)
        {
            await tar.WriteEntryAsync(Regular(BundlePath.Signature, new MemoryStream(signature)), cancellation);
        }

        foreach (var file in files)
        {
            await using var source = new CheckedStream(content.Open(file.Path)!, progress);
            await tar.WriteEntryAsync(Regular(file.Path, source), cancellation);
            source.Require(file);
        }

        foreach (var link in manifest.Links)
        {
            var entry = Entry(TarEntryType.SymbolicLink, link.Path);
            entry.LinkName = link.Target;
            await tar.WriteEntryAsync(entry, cancellation);
        }
    }

    private static GnuTarEntry Regular(string name, Stream content)
    {
        var entry = Entry(TarEntryType.RegularFile, name);
        entry.DataStream = content;
        return entry;
    }

    /// <remarks>.NET puts its own process number into the headers of the PAX format.</remarks>
    private static GnuTarEntry Entry(TarEntryType type, string name) => new(type, name)
    {
        Mode = Bsroot.PublicFile,
        ModificationTime = DateTimeOffset.UnixEpoch,
        AccessTime = DateTimeOffset.UnixEpoch,
        ChangeTime = DateTimeOffset.UnixEpoch,
    };
}
