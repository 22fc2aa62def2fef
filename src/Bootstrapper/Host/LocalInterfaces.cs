using System.Net;
using System.Net.NetworkInformation;

namespace Bootstrapper.Host;

/// <summary>
/// The host's network interfaces as they are now. Each connection asks; they are looked at when the kernel says that an address
/// came or went (rtnetlink(7)), and now and then for what it does not tell.
/// </summary>
internal sealed class LocalInterfaces : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly Glance<IReadOnlyList<LocalInterface>> _all;
    private readonly Glance<IReadOnlyDictionary<IPAddress, string>> _labels;

    public LocalInterfaces(TimeProvider time)
    {
        _all = new(LookEvery, before => Look() ?? before ?? [], time);
        _labels = new(LookEvery, _ => AddressLabels.All(), time);
        try
        {
            NetworkChange.NetworkAddressChanged += Forget;
        }
        catch (NetworkInformationException)
        {
            // the kernel gives no such socket: what changes is seen at the next look
        }
    }

    /// <summary>An address came or went, and who asks now is told so. Not raised where the kernel gives no such socket.</summary>
    public event Action? Changed;

    public IReadOnlyList<LocalInterface> All => _all.Now;

    /// <inheritdoc cref="LocalInterface.Holding"/>
    public LocalInterface? Holding(IPAddress address) => LocalInterface.Holding(address, All);

    /// <summary>What dnsmasq takes for the name of the interface that has the address; see <see cref="AddressLabels"/>.</summary>
    public string? Label(IPAddress address) => _labels.Now.GetValueOrDefault(address);

    /// <summary>The kernel's numbers for all that may lead to others.</summary>
    public IEnumerable<int> Numbers() => All.Select(local => local.Index).Where(index => index > LocalInterface.LoopbackIndex);

    public void Dispose() => NetworkChange.NetworkAddressChanged -= Forget;

    private void Forget(object? sender, EventArgs change)
    {
        _all.Forget();
        _labels.Forget();
        Changed?.Invoke();
    }

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
}
