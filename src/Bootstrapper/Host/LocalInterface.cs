using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Bootstrapper.Host;

/// <summary>A network interface of the host that the program runs on.</summary>
internal sealed partial record LocalInterface(string Name, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>LOOPBACK_IFINDEX of the kernel.</summary>
    public const int LoopbackIndex = 1;

    /// <summary>The kernel's number for it, whether it has an address or none; 0 where it is gone.</summary>
    public int Index { get; init; }

    /// <summary>The one that has the address, the loopback where no other has; <c>null</c> where none has it.</summary>
    public static LocalInterface? Holding(IPAddress address, IEnumerable<LocalInterface> interfaces) =>
        interfaces.Where(local => local.Addresses.Contains(address)).MinBy(local => local.Index == LoopbackIndex);

    public static IReadOnlyList<LocalInterface> All() => [.. NetworkInterface.GetAllNetworkInterfaces().Select(Of)];

    private static LocalInterface Of(NetworkInterface network) =>
        new(network.Name, [.. network.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)])
        {
            Index = (int)NumberOf(network.Name),
        };

    /// <summary>.NET has it for those alone that have an address.</summary>
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint NumberOf(string name);
}
