using System.Globalization;
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
    private readonly Dictionary<string, DateTimeOffset> _modified = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unlike = new(StringComparer.Ordinal);
    private string? _whyUnlike;

    /// <summary>What could not be given back, once it is restored; <c>null</c> for nothing.</summary>
    public string? Objection => _unlike.Count == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"of {_unlike.Count} files and directories, owner, mode or time are not as they were ({_whyUnlike})");

    private string Lock => Path.Combine(directory, ".lock");

    /// <exception cref="BsrootTakenException">A bootstrapper, or another restore, has the directory.</exception>
    /// <exception cref="InvalidDataException">
    /// The directory is not empty; or the file is no backup, cannot be decrypted, or is not as it was made.
    /// </exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public async Task<(BackupHead Head, BackupManifest Manifest)> RunAsync(SealedFile file, CancellationToken cancellation)
    {
        if (File.Exists(directory))
        {
            throw new InvalidDataException($"{directory} is a file: name an empty directory, or one that is not there yet");
        }

        var isNew = !System.IO.Directory.Exists(directory);
        Bsroot.MakeDirectory(directory);
        var hadLock = File.Exists(Lock);
        if (!hadLock)
        {
            RequireEmpty(); // no lock of ours comes into somebody else's directory
        }

        using var alone = Bsroot.TryLock(directory) ?? throw new BsrootTakenException(directory);
        RequireEmpty();
        try
        {
            var reader = await StageAsync(file, cancellation);
            Settle(reader.Manifest);
            Publish(reader.Manifest);
            return (reader.Head, reader.Manifest);
        }
        catch
        {
            Clear(isNew, hadLock); // what is there is ours: nobody else has the lock, and there was nothing
            throw;
        }
    }

    public void Directory(string path, DateTimeOffset modified)
    {
        System.IO.Directory.CreateDirectory(
            Staged(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _modified[path] = modified;
    }

    public async Task<string> FileAsync(
        string path, long size, DateTimeOffset modified, Stream content, CancellationToken cancellation)
    {
        _modified[path] = modified;
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

    /// <summary>Files get what they had where they lie; then all of it is on disk.</summary>
    private void Settle(BackupManifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            Give(Staged(file.Path), file.Path, file.Owner);
        }

        foreach (var inside in manifest.Directories)
        {
            Bsroot.FlushDirectory(Staged(inside.Path));
        }
    }

    /// <summary>Directories get what they had last, the innermost first: only root moves one that may not be written.</summary>
    private void Publish(BackupManifest manifest)
    {
        foreach (var name in manifest.Directories.Select(inside => inside.Path).Where(IsAtTop))
        {
            System.IO.Directory.Move(Staged(name), Path.Combine(directory, name));
        }

        var files = manifest.Files.Select(file => file.Path).Where(IsAtTop).ToLookup(name => name == Bsroot.DescriptionName);
        Move(files[false]);
        var inner = manifest.Directories.ToLookup(inside => inside.Path.Length > 0);
        foreach (var inside in inner[true].OrderByDescending(inside => inside.Path, StringComparer.Ordinal))
        {
            Give(Path.Combine(directory, inside.Path), inside.Path, inside.Owner);
        }

        Move(files[true]);
        Bsroot.FlushDirectory(directory);
        Bsroot.Remove(_stage);
        inner[false].ToList().ForEach(root => Give(directory, root.Path, root.Owner));
    }

    private void Move(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            File.Move(Staged(name), Path.Combine(directory, name));
        }
    }

    /// <summary>What it had: when it was written, its mode, and its owner, last, since another's is not ours to change.</summary>
    private void Give(string place, string path, BackupOwner owner)
    {
        Try(place, () => File.SetLastWriteTimeUtc(place, _modified[path].UtcDateTime));
        Try(place, () => File.SetUnixFileMode(place, owner.Permissions));
        Try(place, () => Bsroot.GiveTo((owner.User, owner.Group), place));
    }

    /// <summary>Who is not root keeps what is restored, and some file systems have neither owners nor modes.</summary>
    private void Try(string place, Action give)
    {
        try
        {
            give();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unlike.Add(place);
            _whyUnlike ??= e.Message.Replace(_stage, directory, StringComparison.Ordinal); // where it will be
        }
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
