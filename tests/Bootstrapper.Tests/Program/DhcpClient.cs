using System.Net;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>busybox' DHCP client. It tells the address it was leased, and gives it to no interface.</summary>
internal static class DhcpClient
{
    private const string TellLease = "#!/bin/sh\n[ \"$1\" != bound ] || echo \"$ip\"\n";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    /// <summary>What a BIOS says of itself (RFC 4578, 2).</summary>
    public const string Firmware = "PXEClient:Arch:00000:UNDI:002001";

    /// <param name="vendorClass">What the client calls itself; <c>null</c> for busybox' own name.</param>
    public static async Task<IPAddress> LeaseAsync(NetworkNamespace machine, string? vendorClass = null)
    {
        using var directory = new TemporaryDirectory();
        var script = directory.Write("tell-lease", TellLease);
        File.SetUnixFileMode(script, Executable);
        var told = await machine.OutputOfAsync(
            "busybox", "udhcpc", "-i", "eth0", "-f", "-n", "-q", "-t", "20", "-T", "1", "-s", script,
            "-V", vendorClass ?? "udhcp");
        return IPAddress.Parse(told.Trim());
    }
}
