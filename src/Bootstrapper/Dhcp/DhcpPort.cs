using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Dhcp;

/// <summary>
/// An interface that our server answers on. Requests are read from the wire, for there alone stands which card sent them; to a
/// client without an address answers go as frames, since the kernel would ask the wire for a card that does not answer yet.
/// </summary>
internal sealed class DhcpPort : IDisposable
{
    private readonly Socket _wire;
    private readonly List<Socket> _ports = [];
    private readonly MacAddress _card;

    /// <exception cref="SocketException">Another server has the port, the interface is gone, or rights are lacking.</exception>
    public DhcpPort(OwnPlace place)
    {
        (Place, Addresses) = (place, [.. place.Own.Select(Ipv4.ToNumber)]);
        _card = CardOf(place.On);
        try
        {
            foreach (var own in place.Own)
            {
                _ports.Add(DhcpWire.TakePort(place.On.Name, own));
                _ports[^1].Blocking = false;
            }

            _wire = DhcpWire.Open(place.On.Index);
        }
        catch
        {
            _ports.ForEach(port => port.Dispose());
            throw;
        }
    }

    public OwnPlace Place { get; }

    /// <summary>Ours on that interface, one for each network there.</summary>
    public uint[] Addresses { get; }

    /// <returns>The length of a frame that has come; 0 for none.</returns>
    /// <exception cref="SocketException">The interface is down, or gone.</exception>
    public int Receive(Span<byte> frame) => DhcpWire.Receive(_wire, frame);

    /// <summary>By which frames come in, for who waits for them.</summary>
    public Socket Wire => _wire;

    /// <summary>An answer that cannot be sent now is lost: the client asks again.</summary>
    /// <param name="frame">The message, with room for what carries it before it.</param>
    /// <param name="from">Our address that it comes from, where that is on this interface.</param>
    public void Send(Span<byte> frame, in Destination to, uint from)
    {
        var own = Math.Max(Array.IndexOf(Addresses, from), 0);
        try
        {
            if (to.Port != 0)
            {
                _ports[own].SendTo(
                    frame[UdpFrame.HeaderLength..],
                    SocketFlags.None,
                    new IPEndPoint(Ipv4.ToAddress(to.Address), to.Port).Serialize());
                return;
            }

            UdpFrame.Write(frame, to.Card, _card, to.Address, Addresses[own]);
            _wire.Send(frame, SocketFlags.None, out _);
        }
        catch (SocketException)
        {
            // no way leads there
        }
        catch (ObjectDisposedException)
        {
            // the interface is served no more
        }
    }

    public void Dispose()
    {
        _wire.Dispose();
        _ports.ForEach(port => port.Dispose());
    }

    private static MacAddress CardOf(LocalInterface on)
    {
        var octets = NetworkInterface.GetAllNetworkInterfaces().First(local => local.Name == on.Name).GetPhysicalAddress()
            .GetAddressBytes();
        return octets.Length == 6
            ? MacAddress.Of(octets)
            : throw new IOException(
                $"{on.Name} is not an Ethernet interface, and our DHCP server serves no other: set 'dhcp_server: dnsmasq'");
    }
}

/// <summary>Where an answer goes.</summary>
/// <param name="Port">0 for a frame, to a client that has no address yet.</param>
/// <param name="Card">Of a frame; <c>null</c> for all cards.</param>
internal readonly record struct Destination(uint Address, ushort Port, MacAddress? Card)
{
    /// <summary>RFC 2131, 4.1: to the relay, to the address that the client has, to all, or to its card.</summary>
    public static Destination Of(in DhcpReader request, in Answer answer) =>
        request.Relay != 0 ? new(request.Relay, UdpFrame.ServerPort, null)
        : request.ClientAddress != 0 && answer.Type != DhcpMessageType.Nak ? new(request.ClientAddress, UdpFrame.ClientPort, null)
        : request.WantsBroadcast || answer.Address == 0 ? new(UdpFrame.Everybody, 0, null)
        : new(answer.Address, 0, request.Card);
}
