using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bootstrapper.Supervision;

/// <summary>
/// POSIX signals, which <see cref="Process"/> cannot send: its only signal is SIGKILL. SIGINT will not do:
/// dnsmasq takes it for «the clock is right now» (dnsmasq(8), --dnssec-no-timecheck) and runs on.
/// </summary>
internal static partial class Signal
{
    private const int Hangup = 1;
    private const int Terminate = 15;

    public static void RequestReload(Process process) => Send(process, Hangup);

    public static void RequestStop(Process process) => Send(process, Terminate);

    /// <summary>A process that ended meanwhile needs no signal, and its number may be another's by now.</summary>
    private static void Send(Process process, int signal)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
