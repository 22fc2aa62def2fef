using System.Net;
using System.Runtime.InteropServices;

namespace Bootstrapper.Host;

/// <summary>
/// The labels of IPv4 addresses (ip-address(8)): <c>eth0:1</c> where an operator gave one, as ifupdown does for each further
/// address, else the name of the interface. dnsmasq takes an address that has one for an interface of that name.
/// </summary>
internal static partial class AddressLabels
{
    private const ushort Inet = 2; // AF_INET

    /// <returns>The first of each address.</returns>
    public static IReadOnlyDictionary<IPAddress, string> All()
    {
        var labels = new Dictionary<IPAddress, string>();
        if (GetAddresses(out var first) != 0)
        {
            return labels;
        }

        try
        {
            for (var entry = first; entry != 0; entry = Marshal.PtrToStructure<Entry>(entry).Next)
            {
                if (Read(Marshal.PtrToStructure<Entry>(entry)) is ({ } label, { } address))
                {
                    labels.TryAdd(address, label);
                }
            }

            return labels;
        }
        finally
        {
            FreeAddresses(first);
        }
    }

    private static (string? Label, IPAddress? Address) Read(Entry entry)
    {
        if (entry.Address == 0 || (ushort)Marshal.ReadInt16(entry.Address) != Inet)
        {
            return default;
        }

        var octets = new byte[4];
        Marshal.Copy(entry.Address + 4, octets, 0, octets.Length); // behind family and port
        return (Marshal.PtrToStringUTF8(entry.Name), new IPAddress(octets));
    }

    /// <summary>The beginning of <c>struct ifaddrs</c> (getifaddrs(3)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(nint Next, nint Name, uint Flags, nint Address);

    [LibraryImport("libc", EntryPoint = "getifaddrs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAddresses(out nint first);

    [LibraryImport("libc", EntryPoint = "freeifaddrs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeAddresses(nint first);
}
