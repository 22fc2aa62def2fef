using System.Formats.Tar;
using Bootstrapper.Bundles;

namespace Bootstrapper.Backups;

/// <summary>
/// Reads the tar of a backup from its beginning to its end. Nothing in it is believed: neither a name that leads elsewhere, nor
/// what is not a file or a directory, nor what the manifest at its end does not tell in the same way.
/// </summary>
/// <param name="keep">What becomes of a file and of a directory.</param>
internal sealed class BackupReader(IBackupKeeper keep)
{
    private readonly Dictionary<string, (long Size, string Sha256)> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private BackupHead? _head;
    private BackupManifest? _manifest;

    /// <summary>Once all is read.</summary>
    public BackupHead Head => _head!;

    /// <inheritdoc cref="Head"/>
    public BackupManifest Manifest => _manifest!;

    /// <exception cref="InvalidDataException">It is no backup, or not as it was made.</exception>
    /// <exception cref="IOException">What is kept cannot be written.</exception>
    public async Task ReadAsync(Stream source, CancellationToken cancellation)
    {
        await using var tar = new TarReader(source, leaveOpen: true);
        while (await NextAsync(tar, cancellation) is { } entry)
        {
            if (_manifest is not null)
            {
                throw new InvalidDataException($"{entry.Name} stands behind {BackupManifest.Name}: it was added later");
            }

            await TakeAsync(entry, cancellation);
        }

        if (Objection() is { } objection)
        {
            throw new InvalidDataException(objection);
        }
    }

    private static async Task<TarEntry?> NextAsync(TarReader tar, CancellationToken cancellation)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException or ArgumentException
            or NotSupportedException)
        {
            throw new InvalidDataException($"the archive is damaged or cut off: {e.Message}", e);
        }
    }

    private async Task TakeAsync(TarEntry entry, CancellationToken cancellation)
    {
        if (_head is null)
        {
            _head = entry.Name == BackupHead.Name ? BackupHead.Read(Content(entry)) : throw new InvalidDataException(
                $"it does not begin with {BackupHead.Name}: it is a tar, and not a backup");
            return;
        }

        if (entry.Name == BackupManifest.Name)
        {
            _manifest = BackupManifest.Read(Content(entry));
            return;
        }

        var path = BackupArchive.PathOf(entry.Name)
            ?? throw new InvalidDataException($"{entry.Name} does not belong to a backup");
        Require(path, entry);
        if (entry.EntryType == TarEntryType.Directory)
        {
            keep.Directory(path, entry.ModificationTime);
            _directories.Add(path);
        }
        else
        {
            _files.Add(path, (
                entry.Length,
                await keep.FileAsync(path, entry.Length, entry.ModificationTime, Content(entry), cancellation)));
        }
    }

    private static Stream Content(TarEntry entry) => entry.DataStream ?? Stream.Null;

    private void Require(string path, TarEntry entry)
    {
        var isDirectory = entry.EntryType == TarEntryType.Directory;
        var objection =
            !isDirectory && entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                ? "is neither a file nor a directory"
            : path.Length == 0 ? isDirectory ? null : "is not a file"
            : !BundlePath.IsPlain(path) ? "would be written somewhere else"
            : path.Split('/')[0] is ".lock" or BackupRestore.StageName ? "is not allowed in a backup"
            : !_directories.Contains(Path.GetDirectoryName(path)!) ? "lies in no directory of the backup"
            : null;
        if (objection is not null)
        {
            throw new InvalidDataException($"{entry.Name} {objection}: the backup was altered, and nothing of it is used");
        }

        if (_files.ContainsKey(path) || _directories.Contains(path))
        {
            throw new InvalidDataException($"{entry.Name} is in it twice: the backup was altered, and nothing of it is used");
        }
    }

    private string? Objection()
    {
        if (_head is null || _manifest is null)
        {
            return "the archive is cut off: its end is missing";
        }

        var told = _manifest.Files.DistinctBy(file => file.Path, StringComparer.Ordinal)
            .ToDictionary(file => file.Path, StringComparer.Ordinal);
        return told.Values.FirstOrDefault(file => !_files.ContainsKey(file.Path)) is { } lost ? $"{lost.Path} is missing"
            : _files.Keys.FirstOrDefault(path => !told.ContainsKey(path)) is { } added ? $"{added} was added later"
            : told.Values.FirstOrDefault(file => _files[file.Path] != (file.Size, file.Sha256)) is { } altered
                ? $"{altered.Path} was altered, or is damaged"
            : _manifest.Files.Select(file => file.Owner).Concat(_manifest.Directories.Select(directory => directory.Owner))
                .FirstOrDefault(owner => !owner.IsSound) is { } unsound ? $"{BackupManifest.Name}: {unsound.Mode} is not a mode"
            : !_directories.SetEquals(_manifest.Directories.Select(directory => directory.Path))
                ? "its directories are not those that it was made with"
            : null;
    }
}

/// <summary>What becomes of what is in a backup, while it is read.</summary>
internal interface IBackupKeeper
{
    /// <param name="path">In the data root; that above it came before.</param>
    /// <param name="modified">When something in it came or went last.</param>
    void Directory(string path, DateTimeOffset modified);

    /// <param name="size">In bytes.</param>
    /// <param name="modified">When it was written.</param>
    /// <returns>SHA-256 of its content, in hexadecimal.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    Task<string> FileAsync(string path, long size, DateTimeOffset modified, Stream content, CancellationToken cancellation);
}
