using System.Net;
using System.Net.NetworkInformation;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster;

/// <summary>The host's network interfaces as they are now, looked at once a second at most: each connection asks.</summary>
internal sealed class LocalInterfaces(TimeProvider time)
{
    private readonly Glance<IReadOnlyList<LocalInterface>> _all =
        new(TimeSpan.FromSeconds(1), before => Look() ?? before ?? [], time);

    public IReadOnlyList<LocalInterface> All => _all.Now;

    /// <returns><c>null</c> where the kernel cannot say, for want of descriptors or memory: what was seen last holds.</returns>
    private static IReadOnlyList<LocalInterface>? Look()
    {
        try
        {
            return LocalInterface.All();
        }
        catch (Exception e) when (e is IOException or NetworkInformationException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The one that has the address; <c>null</c> where none has it, or only the loopback.</summary>
    public LocalInterface? Holding(IPAddress address) => All.FirstOrDefault(
        local => local.Index != LocalInterface.LoopbackIndex && local.Addresses.Contains(address));
}
