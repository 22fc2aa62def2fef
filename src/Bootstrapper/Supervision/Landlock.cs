using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bootstrapper.Supervision;

/// <summary>
/// Takes from a thread, and from whatever it starts, the right to open files but those below what is named (landlock(7), Linux
/// 5.13). It is asked of the file that is opened in the end, whatever links lead there, and of root as well.
/// </summary>
internal static partial class Landlock
{
    private const ulong Write = 1 << 1, Read = 1 << 2; // LANDLOCK_ACCESS_FS_WRITE_FILE, …_READ_FILE

    private const int CreateRuleset = 444, AddRule = 445, RestrictSelf = 446, PathBeneath = 1, VersionOnly = 1;

    private const int PathOnly = 0x200000, CloseOnExec = 0x80000; // O_PATH, O_CLOEXEC of open(2)

    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS, which the kernel asks for

    public static bool IsThere => Call(CreateRuleset, 0, 0, VersionOnly) > 0;

    /// <summary>For this thread, which must not be one of the pool's, until it ends.</summary>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    public static void Confine(FileAccess files)
    {
        var handled = Read | Write;
        var rules = Checked(Call(CreateRuleset, ref handled, sizeof(ulong), 0));
        try
        {
            foreach (var (path, access) in
                files.Reads.Select(path => (path, Read)).Concat(files.Writes.Select(path => (path, Read | Write))))
            {
                Allow(rules, path, access);
            }

            Checked(SetProcess(NoNewPrivileges, 1, 0, 0, 0));
            Checked(Call(RestrictSelf, rules, 0, 0));
        }
        finally
        {
            _ = Close((int)rules);
        }
    }

    private static void Allow(nint rules, string path, ulong access)
    {
        var file = Open(path, PathOnly | CloseOnExec);
        if (file < 0)
        {
            return; // it is not there
        }

        try
        {
            var rule = new Rule(access, file);
            Checked(Call(AddRule, rules, PathBeneath, ref rule, 0));
        }
        finally
        {
            _ = Close(file);
        }
    }

    private static nint Checked(nint result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    /// <summary><c>struct landlock_path_beneath_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Rule(ulong Access, int File);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Call(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Call(nint number, ref ulong handled, nint size, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Call(nint number, nint rules, nint kind, ref Rule rule, nint flags);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetProcess(int option, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
