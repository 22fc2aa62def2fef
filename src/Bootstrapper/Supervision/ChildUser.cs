using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bootstrapper.Supervision;

/// <summary>Whom a child runs as: it can read what everybody can, and of the data root's secrets only its own.</summary>
/// <param name="Id">User and group. Nobody else has that number, and it needs no name.</param>
/// <param name="Owns">What it may write, or alone may read; a directory with all that is in it.</param>
internal sealed partial record ChildUser(int Id, IReadOnlyList<string> Owns)
{
    /// <summary>What takes root to let a child be somebody else, and to end it all the same (capabilities(7)).</summary>
    private static readonly (string Name, int Bit)[] Needed =
        [("CHOWN", 0), ("DAC_OVERRIDE", 1), ("KILL", 5), ("SETGID", 6), ("SETUID", 7)];

    /// <summary>
    /// Whether children can be other users, who must get to their files; the data root itself is opened for that: others may
    /// pass, and not list it.
    /// </summary>
    /// <returns>Why not; <c>null</c> when they can.</returns>
    public static string? Obstacle(string root)
    {
        var missing = Needed.Where(needed => !Capabilities.Has(needed.Bit)).Select(needed => needed.Name).ToList();
        return missing.Count > 0 ? $"this process lacks the capabilities {string.Join(", ", missing)}"
            : Parents(root).FirstOrDefault(IsClosed) is { } closed ? $"only the owner may enter {closed}: chmod o+x {closed}"
            : Open(root);
    }

    /// <summary>Gives it what it owns. Not while it runs: what a link leads to could be another's file by then.</summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    public void TakeOver()
    {
        foreach (var path in Owns)
        {
            var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if (Directory.Exists(real))
            {
                foreach (var below in Directory.EnumerateFileSystemEntries(real, "*", Everything))
                {
                    Give(below);
                }
            }

            Give(real);
        }
    }

    private static EnumerationOptions Everything =>
        new() { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true };

    private static IEnumerable<string> Parents(string root)
    {
        for (var parent = Path.GetDirectoryName(root); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
        }
    }

    private static bool IsClosed(string directory) => !File.GetUnixFileMode(directory).HasFlag(UnixFileMode.OtherExecute);

    private static string? Open(string root)
    {
        try
        {
            if (IsClosed(root))
            {
                File.SetUnixFileMode(root, File.GetUnixFileMode(root) | UnixFileMode.OtherExecute);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private void Give(string path)
    {
        if (ChangeOwner(path, Id, Id) != 0)
        {
            var cause = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"cannot give {path} to user {Id}: {cause.Message}", cause);
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, int user, int group);
}
