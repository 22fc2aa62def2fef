using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>A network of its own (network_namespaces(7)), for programs that insist on well-known ports.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const int NetworkKind = 0x40000000; // CLONE_NEWNET

    public NetworkNamespace()
    {
        Run("ip", "netns", "add", Name);
        Run("ip", "-n", Name, "link", "set", "lo", "up");
    }

    public string Name { get; } = $"test-{Guid.NewGuid():n}"[..15];

    /// <summary>A cable between the two, with an interface <c>eth0</c> at either end.</summary>
    public static void Connect(NetworkNamespace one, string address, NetworkNamespace other, string otherAddress)
    {
        Run("ip", "-n", one.Name, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", other.Name);
        foreach (var (end, place) in new[] { (one, address), (other, otherAddress) })
        {
            Run("ip", "-n", end.Name, "address", "add", place, "dev", "eth0");
            Run("ip", "-n", end.Name, "link", "set", "eth0", "up");
            Run("ip", "-n", end.Name, "route", "add", "default", "dev", "eth0"); // broadcasts want one
        }
    }

    /// <param name="log">Takes what it says; a pipe that nobody reads would stop it in the end.</param>
    public Process Start(string log, params IEnumerable<string> command) => Process.Start(
        "ip", ["netns", "exec", Name, "sh", "-c", "exec >\"$0\" 2>&1; exec \"$@\"", log, .. command]);

    /// <summary>A socket belongs to the network that its thread was in when it was made.</summary>
    public Socket UdpSocket()
    {
        Socket? socket = null;
        var thread = new Thread(() =>
        {
            Enter();
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        });
        thread.Start();
        thread.Join();
        return socket!;
    }

    public void Dispose() => Run("ip", "netns", "delete", Name);

    /// <summary>For the rest of this thread's life.</summary>
    private void Enter()
    {
        using var handle = File.OpenHandle($"/run/netns/{Name}");
        if (SetNamespace(handle, NetworkKind) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {said}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
