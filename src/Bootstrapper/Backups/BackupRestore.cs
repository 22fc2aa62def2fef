using Bootstrapper.Bundles;
using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Backups;

/// <summary>
/// Makes a data root of a backup. All of it is read, proved and on disk before anything stands in its place, and the description
/// comes last: without it nothing starts.
/// </summary>
/// <remarks>It is put together inside the data root, which is another disk's often enough: a mount or a volume.</remarks>
internal sealed class BackupRestore(string directory, IProgress<FileProgress> progress) : IBackupKeeper
{
    public const string StageName = ".restore";

    /// <summary>What an empty directory may have: marks of a file system, of who has it, and what a kill left of us.</summary>
    private static readonly string[] NotCounted = [".lock", "lost+found", StageName];

    private readonly string _stage = Path.Combine(directory, StageName);

    private string Lock => Path.Combine(directory, ".lock");

    /// <exception cref="BsrootTakenException">A bootstrapper serves from the directory.</exception>
    /// <exception cref="InvalidDataException">
    /// The directory is not empty; or the file is no backup, cannot be decrypted, or is not as it was made.
    /// </exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public async Task<(BackupHead Head, BackupManifest Manifest)> RunAsync(SealedFile file, CancellationToken cancellation)
    {
        var isNew = !System.IO.Directory.Exists(directory);
        var hadLock = File.Exists(Lock);
        var isDone = false;
        Bsroot.MakeDirectory(directory);
        try
        {
            if (!hadLock)
            {
                RequireEmpty(); // no lock of ours comes into somebody else's directory
            }

            using var alone = Bsroot.TryLock(directory) ?? throw new BsrootTakenException(directory);
            RequireEmpty();
            var reader = await StageAsync(file, cancellation);
            Settle(reader.Manifest);
            Publish(reader.Manifest);
            isDone = true;
            return (reader.Head, reader.Manifest);
        }
        finally
        {
            if (!isDone)
            {
                Clear(isNew, hadLock);
            }
        }
    }

    public void Directory(string path) => System.IO.Directory.CreateDirectory(
        Staged(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    public async Task<string> FileAsync(string path, long size, Stream content, CancellationToken cancellation)
    {
        DiskRoom.Require(_stage, size);
        await using var target = new FileStream(
            Staged(path),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Bsroot.SecretFile });
        var digest = await Hashing.CopyAsync(content, target, progress: null, cancellation);
        await target.FlushAsync(cancellation);
        RandomAccess.FlushToDisk(target.SafeFileHandle);
        return digest;
    }

    private void RequireEmpty()
    {
        var there = System.IO.Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))
            .Except(NotCounted, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (there is not null)
        {
            throw new InvalidDataException($"{directory} is not empty, {there} is in it: a backup is restored into an empty "
                + "directory alone, so that nothing of another data root is mixed with it; name another one, or move away what "
                + "is there");
        }
    }

    private async Task<BackupReader> StageAsync(SealedFile file, CancellationToken cancellation)
    {
        Bsroot.Remove(_stage);
        System.IO.Directory.CreateDirectory(
            _stage, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var reader = new BackupReader(this);
        await file.ReadAsync(new BundleProgress(progress, "restoring", file.Length), reader.ReadAsync, cancellation);
        return reader;
    }

    /// <summary>Gives everything to whom it belonged, where we may; the innermost first, and on disk.</summary>
    private void Settle(BackupManifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            Give(Staged(file.Path), file.Owner);
        }

        foreach (var inside in manifest.Directories.OrderByDescending(inside => inside.Path, StringComparer.Ordinal))
        {
            Bsroot.FlushDirectory(Staged(inside.Path));
            Give(inside.Path.Length == 0 ? directory : Staged(inside.Path), inside.Owner);
        }
    }

    /// <summary>Who is not root keeps what is restored: it is the operator's, then.</summary>
    private static void Give(string path, BackupOwner owner)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Bsroot.GiveTo((owner.User, owner.Group), path);
        }

        File.SetUnixFileMode(path, owner.Permissions);
    }

    private void Publish(BackupManifest manifest)
    {
        foreach (var name in manifest.Directories.Select(inside => inside.Path).Where(IsAtTop))
        {
            System.IO.Directory.Move(Staged(name), Path.Combine(directory, name));
        }

        var files = manifest.Files.Select(file => file.Path).Where(IsAtTop);
        foreach (var name in files.OrderBy(name => name == Bsroot.DescriptionName))
        {
            File.Move(Staged(name), Path.Combine(directory, name));
        }

        Bsroot.FlushDirectory(directory);
        Bsroot.Remove(_stage);
    }

    private static bool IsAtTop(string path) => path.Length > 0 && !path.Contains('/', StringComparison.Ordinal);

    private void Clear(bool isNew, bool hadLock)
    {
        Bsroot.Remove(isNew ? directory : _stage);
        if (!hadLock)
        {
            Bsroot.Remove(Lock);
        }
    }

    private string Staged(string path) => Path.Combine(_stage, path);
}
