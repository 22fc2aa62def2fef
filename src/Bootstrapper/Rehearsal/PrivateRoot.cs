using Bootstrapper.Model;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// A data root to rehearse in: what the operator wrote, and the files that machines fetch, as long as they are and with nothing
/// in them but their beginnings. Neither a key nor a record of the real one is in it. It lies in the room for unfinished work,
/// and what a rehearsal that was killed left there is gone with the next.
/// </summary>
internal sealed class PrivateRoot : IDisposable
{
    private static readonly string[] Written =
    [
        "cloud-config.template", "templates", "manifests", "pxe_hosts.json", "enrolled.json", "image-digests.json",
        "signing-keys",
    ];

    private readonly string _scratch;
    private readonly IDisposable _alone;

    private PrivateRoot(Bsroot original)
    {
        _scratch = original.Scratch("rehearsal");
        Bsroot = new Bsroot(Path.Combine(_scratch, "bsroot"));
        Bsroot.MakeDirectory(_scratch, Bsroot.SecretFile);
        _alone = Bsroot.TryLock(_scratch)
            ?? throw new IOException($"another rehearsal of {original.Root} is under way: wait for its end");
    }

    public Bsroot Bsroot { get; }

    /// <param name="mostOfFile">How many bytes of each file that machines fetch are copied.</param>
    /// <exception cref="IOException">Another rehearsal is under way, a file cannot be read, or there is no room.</exception>
    public static PrivateRoot Of(Bsroot original, long mostOfFile, CancellationToken cancellation)
    {
        var root = new PrivateRoot(original);
        try
        {
            Bsroot.Remove(root.Bsroot.Root);
            root.Fill(original, mostOfFile, cancellation);
            return root;
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Directory.Delete(_scratch, recursive: true);
        _alone.Dispose();
    }

    private void Fill(Bsroot from, long mostOfFile, CancellationToken cancellation)
    {
        Bsroot.Write(Bsroot.Description, File.ReadAllBytes(from.Description));
        foreach (var name in Written)
        {
            Copy(from.At(name), Bsroot.At(name), long.MaxValue, cancellation);
        }

        foreach (var loader in Firmware.All.Select(kind => kind.Loader))
        {
            Copy(Path.Combine(from.TftpRoot, loader), Path.Combine(Bsroot.TftpRoot, loader), long.MaxValue, cancellation);
        }

        Copy(from.Www, Bsroot.Www, mostOfFile, cancellation);
        Copy(Path.Combine(from.Matchbox, "assets"), Path.Combine(Bsroot.Matchbox, "assets"), mostOfFile, cancellation);
    }

    private static void Copy(string from, string to, long mostOfFile, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (new FileInfo(from) is { LinkTarget: { } target } && !Path.IsPathRooted(target))
        {
            Bsroot.Link(to, target);
        }
        else if (Directory.Exists(from))
        {
            Bsroot.MakeDirectory(to);
            foreach (var entry in Directory.EnumerateFileSystemEntries(from))
            {
                Copy(entry, Path.Combine(to, Path.GetFileName(entry)), mostOfFile, cancellation);
            }
        }
        else if (File.Exists(from))
        {
            CopyBeginning(from, to, mostOfFile);
        }
    }

    /// <summary>The rest is a hole, which takes no room on the disk.</summary>
    private static void CopyBeginning(string from, string to, long most)
    {
        Bsroot.MakeDirectory(Path.GetDirectoryName(to)!);
        using var read = File.OpenRead(from);
        using var write = File.Create(to);
        var buffer = new byte[64 << 10];
        for (var left = Math.Min(most, read.Length); left > 0;)
        {
            var length = read.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (length == 0)
            {
                break;
            }

            write.Write(buffer, 0, length);
            left -= length;
        }

        write.SetLength(read.Length);
    }
}
