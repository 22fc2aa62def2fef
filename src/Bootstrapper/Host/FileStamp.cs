using System.Globalization;
using System.Runtime.InteropServices;

namespace Bootstrapper.Host;

/// <summary>
/// A text that changes when a file does: when it was written, and when another file stands where it stood, behind whatever links.
/// So is a ConfigMap of Kubernetes replaced: <c>cluster-desc.yml -> ..data/cluster-desc.yml</c>, and <c>..data</c> is what is
/// swapped.
/// </summary>
internal static partial class FileStamp
{
    /// <inheritdoc cref="KindOf"/>
    public const string PlainFile = "a file";

    private const int FromWorkingDirectory = -100; // AT_FDCWD
    private const int TypeOfFile = 0xF000, RegularFile = 0x8000, Directory = 0x4000; // S_IFMT, S_IFREG, S_IFDIR
    private const int Pipe = 0x1000, Socket = 0xC000; // S_IFIFO, S_IFSOCK
    private const uint UserAndGroup = 0x8 | 0x10; // STATX_UID, _GID
    private const uint TypeInodeSizeAndModification = 0x1 | 0x100 | 0x200 | 0x40; // STATX_TYPE, _INO, _SIZE, _MTIME

    public static string Of(IEnumerable<string> paths) => string.Join('\n', paths.Select(Of));

    /// <summary>Of a file that is missing or cannot be looked at, the reason by its number (errno(3)).</summary>
    public static string Of(string path) => Of(path, out _);

    /// <param name="size">In bytes; <c>null</c> where there is no such file.</param>
    public static string Of(string path, out long? size)
    {
        if (Look(FromWorkingDirectory, path, flags: 0, TypeInodeSizeAndModification, out var file) != 0)
        {
            size = null;
            return string.Create(CultureInfo.InvariantCulture, $"{path} errno {Marshal.GetLastPInvokeError()}");
        }

        size = (file.Mode & TypeOfFile) == RegularFile ? (long)file.Size : null;
        return string.Create(CultureInfo.InvariantCulture, $"{path} {file.Inode} {file.Seconds}.{file.Nanoseconds} {file.Size}");
    }

    /// <returns>Which file stands there, behind whatever links, and how it is; <c>null</c> where there is none.</returns>
    public static FileState? StateOf(string path) =>
        Look(FromWorkingDirectory, path, flags: 0, TypeInodeSizeAndModification | UserAndGroup, out var file) != 0 ? null
        : new FileState(
            file.Inode,
            (long)file.Size,
            DateTimeOffset.FromUnixTimeSeconds(file.Seconds).AddTicks(file.Nanoseconds / TimeSpan.NanosecondsPerTick),
            file.User,
            file.Group);

    /// <summary>Whether there is something that is neither file nor directory, behind whatever links.</summary>
    public static bool IsOther(string path) => TypeOf(path) is not (null or RegularFile or Directory);

    /// <returns>What there is, behind whatever links, in words; <c>null</c> for nothing.</returns>
    public static string? KindOf(string path) => TypeOf(path) switch
    {
        null => null,
        RegularFile => PlainFile,
        Directory => "a directory",
        Pipe => "a pipe",
        Socket => "a socket",
        _ => "a device",
    };

    /// <summary>Whether there is a file, behind whatever links: one may lead nowhere, which is a file to .NET.</summary>
    public static bool IsFile(string path) => TypeOf(path) is RegularFile;

    /// <returns>Of the file behind whatever links; <c>null</c> where there is none.</returns>
    public static (uint User, uint Group)? OwnerOf(string path) =>
        Look(FromWorkingDirectory, path, flags: 0, UserAndGroup, out var file) == 0 ? (file.User, file.Group) : null;

    /// <returns>As <c>S_IFMT</c> masks it; <c>null</c> where there is nothing.</returns>
    private static int? TypeOf(string path) =>
        Look(FromWorkingDirectory, path, flags: 0, TypeInodeSizeAndModification, out var file) == 0
            ? file.Mode & TypeOfFile
            : null;

    /// <summary>
    /// .NET tells no inode, and no owner; and it tells the time of a link where that of the file behind it is wanted.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Look(int directory, string path, int flags, uint mask, out Found found);

    /// <summary>statx(2), which is the same for every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Found
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long Seconds;

        [FieldOffset(120)]
        public uint Nanoseconds;
    }
}

/// <param name="Inode">Tells the file from another that comes to stand in its place.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct FileState(ulong Inode, long Size, DateTimeOffset Modified, uint User, uint Group)
{
    /// <summary>Whether this is the same file, to which nobody wrote, or only at its end.</summary>
    public bool IsContinuedBy(FileState later) =>
        later == this || (later.Inode == Inode && later.Size > Size);
}
