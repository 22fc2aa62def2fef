using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Bootstrapper.Host;

namespace Bootstrapper.Doctor;

/// <summary>Asks the wire who has an address, without claiming any (RFC 5227, "ARP Probe").</summary>
internal static class ArpProbe
{
    private const ushort Arp = 0x0806, Ethernet = 1, IPv4 = 0x0800, Request = 1, Reply = 2;
    private const int Bytes = 28, OperationAt = 6, SenderMacAt = 8, SenderAddressAt = 14, TargetAddressAt = 24;
    private static readonly PhysicalAddress Everyone = new([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

    /// <summary>After the last question; a neighbour answers within milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Between two batches of questions, so that no queue runs over.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const int Batch = 100;

    /// <returns>Each address that somebody has, and the MAC addresses that say so.</returns>
    /// <exception cref="SocketException">Rights are lacking.</exception>
    public static async Task<ILookup<IPAddress, PhysicalAddress>> HoldersAsync(
        NetworkInterface on, IEnumerable<IPAddress> addresses, CancellationToken cancellation)
    {
        var wire = new LinkAddress(on.GetIPProperties().GetIPv4Properties().Index, Arp, Everyone);
        using var socket = new Socket(
            AddressFamily.Packet, SocketType.Dgram, (ProtocolType)BinaryPrimitives.ReverseEndianness(Arp));
        socket.Bind(wire);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listening = ListenAsync(socket, patience.Token);
        await AskAsync(socket, wire, on.GetPhysicalAddress(), addresses, cancellation);
        patience.CancelAfter(Patience);
        return (await listening).Distinct().ToLookup(holder => holder.Address, holder => holder.Mac);
    }

    private static async Task AskAsync(
        Socket socket, LinkAddress wire, PhysicalAddress ours, IEnumerable<IPAddress> addresses, CancellationToken cancellation)
    {
        foreach (var batch in addresses.Chunk(Batch))
        {
            foreach (var address in batch)
            {
                await socket.SendToAsync(Question(ours, address), wire, cancellation);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static byte[] Question(PhysicalAddress ours, IPAddress target)
    {
        var packet = new byte[Bytes];
        BinaryPrimitives.WriteUInt16BigEndian(packet, Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), IPv4);
        (packet[4], packet[5]) = (6, 4); // bytes of a hardware address, and of an IP address
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(OperationAt), Request);
        ours.GetAddressBytes().CopyTo(packet, SenderMacAt);
        target.GetAddressBytes().CopyTo(packet, TargetAddressAt);
        return packet;
    }

    private static async Task<List<(IPAddress Address, PhysicalAddress Mac)>> ListenAsync(
        Socket socket, CancellationToken patience)
    {
        List<(IPAddress Address, PhysicalAddress Mac)> holders = [];
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, patience);
                if (length >= Bytes && BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(OperationAt)) == Reply)
                {
                    holders.Add((new IPAddress(buffer.AsSpan(SenderAddressAt, 4)), new PhysicalAddress(
                        buffer[SenderMacAt..SenderAddressAt])));
                }
            }
        }
        catch (OperationCanceledException)
        {
            return holders;
        }
    }
}
