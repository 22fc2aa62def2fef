using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Bootstrapper.Host;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper;

/// <summary>The one way to write into the data root: a file is there whole or not at all, whenever the power goes.</summary>
internal sealed partial record Bsroot
{
    public const UnixFileMode PublicFile =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public const UnixFileMode SecretFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What the name of a file ends with until it is whole.</summary>
    private const string Partial = ".partial";

    private const UnixFileMode SecretDirectory = SecretFile | UnixFileMode.UserExecute;

    private const UnixFileMode PublicDirectory =
        PublicFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>When it returns, the new content survives a power cut; until then readers see the old file or none.</summary>
    /// <param name="path">Absolute; its directory is made when missing, and closed to others where the file is a secret.</param>
    /// <exception cref="IOException">The disk is full, or the directory cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = PublicFile)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"{path} {Utf8File.IsDirectory}");
        }

        var directory = Path.GetDirectoryName(path)!;
        MakeDirectory(directory, mode);
        var partial = Path.Combine(directory, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{Partial}");
        try
        {
            WriteAndFlush(partial, content, mode);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }

        FlushDirectory(directory);
    }

    public static void Write(string path, string content, UnixFileMode mode = PublicFile) =>
        Write(path, Encoding.UTF8.GetBytes(content), mode);

    /// <summary>The same of a large file, which is written as it is made, outside of the data root as well.</summary>
    /// <param name="path">Absolute, in a directory that is there, which others may be able to write.</param>
    /// <param name="mode">From its beginning.</param>
    /// <exception cref="IOException">
    /// The disk is full, or the directory cannot be written; or something stands there that is no plain file.
    /// </exception>
    public static async Task WriteAsync(string path, UnixFileMode mode, Func<FileStream, Task> write)
    {
        RequireReplaceable(path);
        var directory = Path.GetDirectoryName(path)!;
        var partial = Path.Combine(directory, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{Partial}");
        var file = new FileStream(
            partial,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        try
        {
            RemoveAbandoned(directory, Path.GetFileName(path), File.GetLastWriteTimeUtc(file.SafeFileHandle));
            await using (file)
            {
                await write(file);
            }

            MoveIn(partial, path);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>What is no plain file, such as a link or <c>/dev/null</c>, would be replaced, and not be written to.</summary>
    /// <exception cref="IOException">It is none.</exception>
    public static void RequireReplaceable(string path)
    {
        var what = new FileInfo(path).LinkTarget is { } target ? $"a link to {target}" : FileStamp.KindOf(path);
        if (what is not (null or FileStamp.PlainFile))
        {
            throw new IOException($"{path} is {what}, and a file would take its place: name another file");
        }
    }

    /// <summary>What earlier ones were writing when they were killed; who writes still has written today.</summary>
    private static void RemoveAbandoned(string directory, string name, DateTime now)
    {
        foreach (var partial in Directory.EnumerateFiles(directory)
            .Where(path => Path.GetFileName(path) is var file && file.StartsWith($".{name}.", StringComparison.Ordinal)
                && file.EndsWith(Partial, StringComparison.Ordinal)
                && now - File.GetLastWriteTimeUtc(path) > TimeSpan.FromDays(1)))
        {
            try
            {
                File.Delete(partial);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, who can see to it.
            }
        }
    }

    /// <summary>Adds to the end of a file, which is made when missing; when it returns, that survives a power cut.</summary>
    /// <param name="path">Absolute, in a directory that is there.</param>
    /// <exception cref="IOException">The disk is full, or the file cannot be written; some of the text may be there.</exception>
    public static void Append(string path, string text)
    {
        using (var file = new FileStream(path, FileMode.Append, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Gives a directory that was filled elsewhere its name: readers find all of it there, or nothing.</summary>
    /// <param name="partial">On the same file system; the files in it have been flushed.</param>
    /// <exception cref="IOException">There is something of that name already.</exception>
    public static void Publish(string partial, string directory)
    {
        FlushDirectory(partial);
        Directory.Move(partial, directory);
        FlushDirectory(Path.GetDirectoryName(directory)!);
    }

    /// <summary>Points a link somewhere else: readers follow the old one or the new one, and never find none.</summary>
    /// <param name="target">As the link holds it: relative to its directory.</param>
    /// <exception cref="IOException">There is a directory where the link should be, or the disk refuses.</exception>
    public static void Link(string link, string target)
    {
        var directory = Path.GetDirectoryName(link)!;
        var partial = Path.Combine(directory, $".{Path.GetFileName(link)}.{Path.GetRandomFileName()}{Partial}");
        File.CreateSymbolicLink(partial, target);
        if (Rename(partial, link) != 0)
        {
            var cause = new Win32Exception(Marshal.GetLastPInvokeError());
            File.Delete(partial);
            throw new IOException($"cannot make {link} a link to {target}: {cause.Message}", cause.NativeErrorCode);
        }

        FlushDirectory(directory);
    }

    /// <summary>Gives a finished file its place; when it returns, both survive a power cut.</summary>
    /// <param name="finished">On the same file system.</param>
    /// <exception cref="IOException">The disk is full, or the directory cannot be written.</exception>
    public static void MoveIn(string finished, string path)
    {
        using (var file = File.OpenHandle(finished, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(file);
        }

        var directory = Path.GetDirectoryName(path)!;
        MakeDirectory(directory, PublicFile);
        File.Move(finished, path, overwrite: true);
        FlushDirectory(directory);
    }

    /// <summary>When it returns, the file, or the directory with all that is in it, stays away also after a power cut.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
        else
        {
            return;
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// A new directory is an entry in its parent, and as easily lost: when it returns, it survives a power cut.
    /// </summary>
    /// <param name="fileMode">Of the files in it: closed to others where they are secrets.</param>
    /// <exception cref="IOException">The disk is full, or the parent cannot be written.</exception>
    public static void MakeDirectory(string directory, UnixFileMode fileMode = PublicFile)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(directory)!;
        MakeDirectory(parent, PublicFile);
        Directory.CreateDirectory(directory, fileMode == SecretFile ? SecretDirectory : PublicDirectory);
        FlushDirectory(parent);
    }

    /// <summary>
    /// Opens a file, new or not, that is only added to, many times a second: .NET's own way looks at it, and locks and unlocks
    /// it, which is more than half of what it costs to add a few lines.
    /// </summary>
    /// <exception cref="IOException">It cannot be opened, or made.</exception>
    public static SafeFileHandle OpenEnd(string path, UnixFileMode mode = PublicFile)
    {
        const int WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000; // open(2)
        var file = Open(path, WriteOnly | Create | Append | CloseOnExec, (int)mode);
        if (!file.IsInvalid)
        {
            return file;
        }

        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        file.Dispose();
        throw new IOException($"cannot write to {path}: {cause.Message}", cause.NativeErrorCode);
    }

    private static void WriteAndFlush(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = new FileStream(
            path,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Makes a rename durable. .NET opens no directories, so this goes to the C library (fsync(2), "Calling fsync() …").
    /// </summary>
    public static void FlushDirectory(string directory)
    {
        using var handle = Open(directory, flags: 0, mode: 0);
        if (handle.IsInvalid || Fsync(handle) != 0)
        {
            var cause = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"cannot flush {directory}: {cause.Message}", cause.NativeErrorCode);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    /// <summary>
    /// rename(2): .NET's own looks whether there is a file at the other end of the link, and finds a directory.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(SafeFileHandle handle);
}
