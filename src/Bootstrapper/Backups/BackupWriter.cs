using System.Formats.Tar;
using Bootstrapper.Bundles;
using Bootstrapper.Host;

namespace Bootstrapper.Backups;

/// <summary>Writes the tar: the head, directories before what is in them, files, and what all of that was.</summary>
internal sealed class BackupWriter(Bsroot bsroot, Stream output, BackupHead head, BundleProgress progress) : IAsyncDisposable
{
    private readonly TarWriter _tar = new(output, TarEntryFormat.Pax, leaveOpen: true);
    private readonly Dictionary<string, BackupDirectory> _directories = new(StringComparer.Ordinal);
    private readonly List<BackupFile> _files = [];

    public Task BeginAsync(CancellationToken cancellation) => AboutAsync(BackupHead.Name, head.ToJson(), cancellation);

    /// <exception cref="IOException">It was cut short while it was read.</exception>
    public async Task WriteAsync(TakenFile file, CancellationToken cancellation)
    {
        await WriteAsync(DirectoryOf(file.Path), cancellation);
        await using var content = new CheckedStream(file.Content(), progress);
        var entry = Entry(TarEntryType.RegularFile, BackupArchive.NameOf(file.Path), file.Mode, file.State);
        entry.DataStream = content;
        await _tar.WriteEntryAsync(entry, cancellation);
        if (content.Position != file.Length)
        {
            throw new IOException($"{bsroot.At(file.Path)} was cut short while it was read: try again");
        }

        _files.Add(new BackupFile(
            file.Path, file.Length, content.Digest(), BackupOwner.Of(file.State.User, file.State.Group, file.Mode)));
    }

    public async Task WriteAsync(string directory, CancellationToken cancellation)
    {
        if (_directories.ContainsKey(directory))
        {
            return;
        }

        if (directory.Length > 0)
        {
            await WriteAsync(DirectoryOf(directory), cancellation);
        }

        if (FileStamp.StateOf(bsroot.At(directory)) is not { } state)
        {
            return; // it went, and what was read of it goes with it
        }

        var mode = File.GetUnixFileMode(bsroot.At(directory));
        _directories[directory] = new BackupDirectory(directory, BackupOwner.Of(state.User, state.Group, mode));
        await _tar.WriteEntryAsync(
            Entry(TarEntryType.Directory, BackupArchive.NameOf(directory.Length == 0 ? "" : $"{directory}/"), mode, state),
            cancellation);
    }

    public async Task<BackupManifest> FinishAsync(
        IReadOnlyDictionary<string, LeftOutRule> missing, CancellationToken cancellation)
    {
        var manifest = new BackupManifest(
            [.. _files.OrderBy(file => file.Path, StringComparer.Ordinal)],
            [.. _directories.Values.OrderBy(directory => directory.Path, StringComparer.Ordinal)],
            [.. missing.Select(left => new BackupOmission(left.Key, left.Value.What, left.Value.Again!))]);
        await AboutAsync(BackupManifest.Name, manifest.ToJson(), cancellation);
        return manifest;
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private async Task AboutAsync(string name, byte[] json, CancellationToken cancellation)
    {
        var entry = Entry(TarEntryType.RegularFile, name, Bsroot.SecretFile, new FileState { Modified = head.Made });
        await using var content = new MemoryStream(json, writable: false);
        entry.DataStream = content;
        await _tar.WriteEntryAsync(entry, cancellation);
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(path)!;

    private static PaxTarEntry Entry(TarEntryType type, string name, UnixFileMode mode, FileState state) => new(type, name)
    {
        Mode = mode & BackupOwner.Known,
        Uid = (int)state.User,
        Gid = (int)state.Group,
        ModificationTime = state.Modified,
    };
}
