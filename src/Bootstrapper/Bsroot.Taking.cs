namespace Bootstrapper;

/// <summary>Two programs that serve from one data root would each undo what the other wrote.</summary>
internal sealed partial record Bsroot
{
    /// <summary>The preloader's part of <see cref="Scratch"/>.</summary>
    public const string PreloadScratch = "preload";

    private const int WouldBlock = 11; // errno(3), EWOULDBLOCK: flock(2) says that somebody else has it

    /// <summary>
    /// Makes the data root ours until the result is disposed of or the process ends, however it ends; and removes what a
    /// predecessor was writing when it was killed.
    /// </summary>
    /// <exception cref="BsrootTakenException">Somebody else has it.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public IDisposable Take()
    {
        var taken = TryLock(Root) ?? throw new BsrootTakenException(Root);
        foreach (var partial in Partials().ToList())
        {
            File.Delete(partial);
        }

        Remove(Scratch(PreloadScratch)); // it has a password in it
        CloseInventory();
        return taken;
    }

    /// <summary>Tokens of etcd discoveries are in records, and in the trail of what they were.</summary>
    private void CloseInventory()
    {
        MakeDirectory(Inventory, SecretFile);
        try
        {
            if (File.GetUnixFileMode(Inventory) != SecretDirectory)
            {
                File.SetUnixFileMode(Inventory, SecretDirectory);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot close {Inventory} to others (chmod 700): {e.Message}", e);
        }
    }

    /// <returns>Disposed of, somebody else can have the directory; <c>null</c> where somebody else has it.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static IDisposable? TryLock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>
    /// Looks only where we write: images and the registry's storage may be large. Links are not followed, since one leads to the
    /// images.
    /// </summary>
    private IEnumerable<string> Partials()
    {
        var here = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        var below = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true };
        return Directory.EnumerateFiles(Root, $".*{Partial}", here).Concat(
            from directory in new[] { Path.GetDirectoryName(DnsmasqLeases)!, EtcdDiscovery, Inventory, TftpRoot, Tls, Users }
            where Directory.Exists(directory)
            from file in Directory.EnumerateFiles(directory, $".*{Partial}", below)
            select file);
    }
}

internal sealed class BsrootTakenException(string root)
    : IOException($"another bootstrapper serves from {root}: stop it, or name another data root with --bsroot");
