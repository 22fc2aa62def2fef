using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;

namespace Bootstrapper.Power;

/// <summary>
/// Wakes machines that have no BMC by their network cards (AMD, "Magic Packet Technology", 1995). Whether one woke, no answer
/// says.
/// </summary>
internal static class WakeOnLan
{
    private const int Discard = 9, Octets = 6, Repetitions = 16;

    /// <summary>It is as good as lost where a switch learns the port anew.</summary>
    private const int Times = 3;

    /// <exception cref="PowerException">It cannot be sent, or would not arrive.</exception>
    public static async Task WakeAsync(Node node, ClusterDescription cluster, CancellationToken cancellation)
    {
        var network = cluster.NetworkOf(node);
        if (!cluster.IsOn(network))
        {
            throw new PowerException(
                PowerFailure.NotDescribed,
                $"{node.HostName} cannot be woken: its network {network.Name} is behind a router, which passes no broadcast on");
        }

        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.EnableBroadcast = true;
            socket.Bind(new IPEndPoint(network.Bootstrapper ?? cluster.Bootstrapper, 0));
            for (var time = 0; time < Times; time++)
            {
                await socket.SendToAsync(PacketFor(node.Mac), new IPEndPoint(network.Broadcast, Discard), cancellation);
            }
        }
        catch (SocketException e)
        {
            throw new PowerException(PowerFailure.Silent, $"{node.HostName} cannot be woken: {e.Message}");
        }
    }

    /// <summary>Six bytes 0xff, and the card's address sixteen times.</summary>
    public static byte[] PacketFor(MacAddress card)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(value, card.Value);
        var packet = new byte[Octets * (1 + Repetitions)];
        packet.AsSpan(0, Octets).Fill(0xff);
        for (var at = Octets; at < packet.Length; at += Octets)
        {
            value[^Octets..].CopyTo(packet.AsSpan(at));
        }

        return packet;
    }
}
