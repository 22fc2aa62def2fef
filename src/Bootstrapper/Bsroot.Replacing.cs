using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Bootstrapper.Host;

namespace Bootstrapper;

/// <summary>For the one file of an operator's that the program writes, too: it stays whose it is.</summary>
internal sealed partial record Bsroot
{
    /// <summary>
    /// Writes what is to take the place of a file, with that file's owner and mode; of a link, in the place of the file behind
    /// it. Nothing is changed before it is published, and little can go wrong then.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="IOException">
    /// The disk is full, or the directory cannot be written; or the owner is somebody whom we may give no file.
    /// </exception>
    public static Replacement Replace(string path, string content)
    {
        var target = new FileInfo(path).LinkTarget is null
            ? path
            : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (Directory.Exists(target))
        {
            throw new IOException($"{target} {Utf8File.IsDirectory}");
        }

        var partial = Path.Combine(
            Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}{Partial}");
        var replacement = new Replacement(partial, target, content);
        try
        {
            WriteAndFlush(partial, Encoding.UTF8.GetBytes(content), SecretFile);
            File.SetUnixFileMode(partial, File.Exists(target) ? File.GetUnixFileMode(target) : PublicFile);
            GiveTo(FileStamp.OwnerOf(target), partial); // last: another's is not ours to open or close
            return replacement;
        }
        catch
        {
            replacement.Dispose();
            throw;
        }
    }

    /// <summary>Only where it is another: who is not root may give nothing away, and need not.</summary>
    /// <exception cref="IOException">It is another's, and we may give nothing away.</exception>
    public static void GiveTo((uint User, uint Group)? owner, string path)
    {
        if (owner is { } whose && FileStamp.OwnerOf(path) != owner && ChangeOwner(path, whose.User, whose.Group) != 0)
        {
            var cause = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"cannot give {path} to user {whose.User}: {cause.Message}", cause);
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}

/// <summary>A file that is written, and not in its place yet.</summary>
internal sealed class Replacement(string partial, string target, string text) : IDisposable
{
    public string Text { get; } = text;

    /// <summary>When it returns, the new content survives a power cut; until then readers see the old one.</summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public void Publish() => Bsroot.MoveIn(partial, target);

    /// <summary>Forgets it, unless it was published.</summary>
    public void Dispose() => File.Delete(partial);
}
