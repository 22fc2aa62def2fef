using System.Threading.Channels;
using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// What our server hears of machines and tells them, for the timelines and whoever else goes by it. It waits for nobody: in a
/// storm that is more than can be written down, the first to be left out are machines that nobody described.
/// </summary>
internal sealed class DhcpNews
{
    private const int Most = 16384, MostOfStrangers = 4096;

    private readonly Channel<DhcpEvent> _events = Channel.CreateBounded<DhcpEvent>(
        new BoundedChannelOptions(Most) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<DhcpEvent> Events => _events.Reader;

    public void Tell(in DhcpEvent happened, bool isOfNode)
    {
        if (isOfNode || _events.Reader.Count < MostOfStrangers)
        {
            _events.Writer.TryWrite(happened);
        }
    }
}

/// <summary>One message of a machine, or to it.</summary>
/// <param name="Card">None for a card without an Ethernet address.</param>
/// <param name="Address">The one that it is about; 0 for none.</param>
internal readonly record struct DhcpEvent(MacAddress Card, DhcpMessageType Type, uint Address)
{
    /// <summary>
    /// In dnsmasq's words, such as <c>no address available</c>, or the node's name in an ACK; empty for nothing.
    /// </summary>
    public string Remark { get => field ?? ""; init; }

    /// <summary>What the machine calls itself; empty for nothing, and in what it is told.</summary>
    public string VendorClass { get => field ?? ""; init; }

    /// <summary>That an offer names; <c>null</c> for none.</summary>
    public string? Loader { get; init; }

    /// <summary>Address of the relay that handed it on; 0 for none, and in what the machine is told.</summary>
    public uint Relay { get; init; }

    /// <summary>Whether firmware asks from its own card, as the wire shows: see <see cref="FirmwareRequest"/>.</summary>
    public bool IsFromFirmware { get; init; }
}
