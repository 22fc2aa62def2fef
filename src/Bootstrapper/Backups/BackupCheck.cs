using Bootstrapper.Bundles;
using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Backups;

/// <summary>Reads a backup and keeps nothing.</summary>
internal sealed class BackupCheck : IBackupKeeper
{
    /// <exception cref="InvalidDataException">It is no backup, cannot be decrypted, or is not as it was made.</exception>
    public static async Task<(BackupHead Head, BackupManifest Manifest)> RunAsync(
        SealedFile file, IProgress<FileProgress> progress, CancellationToken cancellation)
    {
        var reader = new BackupReader(new BackupCheck());
        await file.ReadAsync(new BundleProgress(progress, "reading", file.Length), reader.ReadAsync, cancellation);
        return (reader.Head, reader.Manifest);
    }

    public void Directory(string path, DateTimeOffset modified)
    {
        // Nothing is kept.
    }

    public Task<string> FileAsync(
        string path, long size, DateTimeOffset modified, Stream content, CancellationToken cancellation) =>
        Hashing.CopyAsync(content, Stream.Null, progress: null, cancellation);
}
