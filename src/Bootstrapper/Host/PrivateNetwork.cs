using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Host;

/// <summary>
/// A network of its own (network_namespaces(7)): interfaces, addresses and ports that nobody else has. It has no name, and so is
/// gone when nobody uses it any more, however we end.
/// </summary>
internal sealed partial class PrivateNetwork : IDisposable
{
    private const int Kind = 0x40000000; // CLONE_NEWNET

    private static readonly SafeFileHandle Ours = File.OpenHandle("/proc/self/ns/net");

    private readonly SafeFileHandle _handle;

    private PrivateNetwork(SafeFileHandle handle) => _handle = handle;

    /// <summary>For programs that are to run in it: <c>nsenter --net=PATH</c>. Valid as long as we live.</summary>
    public string Path => string.Create(
        CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}");

    /// <exception cref="IOException">Rights are lacking: CAP_SYS_ADMIN is needed.</exception>
    public static PrivateNetwork Create()
    {
        var (made, fault) = ((SafeFileHandle?)null, (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                made = Unshare(Kind) == 0
                    ? File.OpenHandle("/proc/thread-self/ns/net")
                    : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                fault = exception;
            }
        });
        thread.Start();
        thread.Join();
        return made is null
            ? throw new IOException($"cannot make a network of its own (network_namespaces(7)): {fault?.Message}", fault)
            : new(made);
    }

    /// <summary>Makes something in it, such as a socket, which stays there.</summary>
    /// <param name="make">Must come to its end on the thread that it began on.</param>
    public T Within<T>(Func<T> make)
    {
        Enter(_handle);
        try
        {
            return make();
        }
        finally
        {
            Enter(Ours);
        }
    }

    /// <summary>Runs a program in it.</summary>
    public ProgramRun Run(string program, IReadOnlyList<string> arguments, TimeSpan limit) =>
        new("nsenter", [$"--net={Path}", program, .. arguments], limit) { Package = "util-linux" };

    public void Dispose() => _handle.Dispose();

    private static void Enter(SafeFileHandle network)
    {
        if (SetNamespace(network, Kind) != 0)
        {
            throw new IOException($"cannot enter a network: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unshare(int kind);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(SafeFileHandle network, int kind);
}
