using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Host;

/// <summary>
/// Rings when the kernel says that something happened to files (inotify(7)), so that nobody has to look at them every second. It
/// does not know of all that happens, such as what another host writes on a network file system.
/// </summary>
internal sealed partial class FileWatch : IDisposable
{
    private const int CloseOnExec = 0x80000; // IN_CLOEXEC

    /// <summary>
    /// IN_MODIFY, _ATTRIB, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _DELETE_SELF and _MOVE_SELF: all but what reading does.
    /// </summary>
    private const uint Changes = 0x2 | 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800;

    private const int NoEntry = 2, AccessDenied = 13, NotDirectory = 20, Circle = 40; // ENOENT, EACCES, ENOTDIR, ELOOP

    /// <summary>
    /// statfs(2): file systems on which nothing happens but by this kernel, and which it watches. Of others it is not known.
    /// </summary>
    private static readonly long[] Told =
    [
        0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, // ext4, XFS, Btrfs, F2FS, ZFS, bcachefs
        0x01021994, 0x858458f6, // tmpfs, ramfs
    ];

    /// <summary>A file that is written piece by piece says so with each, and in its directory may be others that are.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    private readonly Bell _bell;
    private readonly SafeFileHandle _kernel = Open(CloseOnExec);
    private readonly HashSet<int> _watches = [];
    private bool _isRead;
    private bool _isTold;
    private volatile bool _isOver;

    public FileWatch(Bell bell) => _bell = bell;

    /// <summary>Whether the kernel tells of what happens to all the places that were named last.</summary>
    public bool IsTold => _isTold && !_isOver;

    /// <summary>How much the kernel watches for us.</summary>
    internal int Count => _watches.Count;

    /// <summary>
    /// Watches these and no others. To be called before a look at them: what happens after it rings. Of a directory is told
    /// what comes into it and goes, and what is written there.
    /// </summary>
    /// <param name="places">Files and directories, whether they are there or not; behind links, too.</param>
    public void Follow(IEnumerable<string> places)
    {
        if (_kernel.IsInvalid || _isOver)
        {
            return; // too many watch already: then files are looked at every second
        }

        Watch([.. places.SelectMany(RealPath.WayTo).Distinct(StringComparer.Ordinal)]);
        if (!_isRead)
        {
            _isRead = true;
            _ = Task.Factory.StartNew(
                ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// A directory with all directories below it, and what is a link in one of them: of other files their directory tells.
    /// </summary>
    public static IEnumerable<string> AllIn(string directory) => !Directory.Exists(directory)
        ? [directory]
        : FilesBelow.Directories(directory).SelectMany(below => new DirectoryInfo(below).EnumerateFileSystemInfos())
            .Where(entry => entry.Attributes.HasFlag(FileAttributes.Directory) || entry.LinkTarget is not null)
            .Select(entry => entry.FullName)
            .Prepend(directory);

    public void Dispose()
    {
        _isOver = true;
        if (!_isRead)
        {
            _kernel.Dispose();
            return;
        }

        try
        {
            _ = Remove(_kernel, Add(_kernel, "/", Changes)); // a watch that goes says so, which wakes up who reads
        }
        catch (ObjectDisposedException)
        {
            // something else woke it up
        }
    }

    private void Watch(IReadOnlyList<string> places)
    {
        var now = new HashSet<int>();
        _isTold = places.Count > 0;
        foreach (var place in places)
        {
            _isTold &= TryAdd(place, now);
        }

        foreach (var gone in _watches.Except(now))
        {
            _ = Remove(_kernel, gone); // fails where what it watched is no more
        }

        _watches.Clear();
        _watches.UnionWith(now);
    }

    /// <returns>Whether what happens there will be told. Of what is not there its directory tells when it comes.</returns>
    private bool TryAdd(string place, HashSet<int> watches)
    {
        if (Add(_kernel, place, Changes) is >= 0 and var watch)
        {
            watches.Add(watch);
            return FileSystemOf(place, out var found) == 0 && Told.Contains(found.Type);
        }

        return Marshal.GetLastPInvokeError() is NoEntry or NotDirectory or AccessDenied or Circle;
    }

    /// <summary>On a thread of its own, which waits for the kernel most of the time.</summary>
    private void ReadAll()
    {
        Span<byte> events = new byte[64 * 1024];
        using var _ = _kernel;
        while (!_isOver && Read(_kernel, events, events.Length) > 0)
        {
            _bell.Ring();
            if (!_isOver)
            {
                Thread.Sleep(Gather);
            }
        }

        _isOver = true; // also where the kernel refuses to tell
        _bell.Ring();
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Add(SafeFileHandle kernel, string path, uint changes);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Remove(SafeFileHandle kernel, int watch);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeFileHandle kernel, Span<byte> events, nint length);

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSystemOf(string path, out FileSystem found);

    /// <summary>struct statfs of 64-bit Linux, as far as it is asked for.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    private struct FileSystem
    {
        [FieldOffset(0)]
        public long Type;
    }
}
