using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bootstrapper.Host;

/// <summary>
/// POSIX signals, which <see cref="Process"/> cannot send: its only signal is SIGKILL. SIGINT will not do:
/// dnsmasq takes it for «the clock is right now» (dnsmasq(8), --dnssec-no-timecheck) and runs on.
/// </summary>
internal static partial class Signal
{
    private const int Hangup = 1;
    private const int Kill = 9;
    private const int Terminate = 15;

    public static void RequestReload(Process process) => Send(process, Hangup);

    public static void RequestStop(Process process) => Send(process, Terminate);

    /// <summary>Ends all processes of a group, also those whose parents have ended.</summary>
    /// <param name="leader">Process id of the one that the group began with, which may have ended.</param>
    public static void KillGroup(int leader) => _ = Send(-leader, Kill);

    /// <summary>A process that ended meanwhile needs no signal, and its number may be another's by now.</summary>
    private static void Send(Process process, int signal)
    {
        if (!process.HasExited)
        {
            _ = Send(process.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Send(int pid, int signal);
}
