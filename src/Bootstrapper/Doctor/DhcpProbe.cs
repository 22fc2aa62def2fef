using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Doctor;

/// <summary>Asks for an address as a machine would that nobody knows, and takes none: who answers is a DHCP server.</summary>
internal static class DhcpProbe
{
    private const int ServerPort = 67, ClientPort = 68;
    private const int SocketLevel = 1, BindToDevice = 25; // SOL_SOCKET, SO_BINDTODEVICE (socket(7))

    /// <summary>Servers look first whether the address is in use: dnsmasq for three seconds, the ISC server for one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="SocketException">The port belongs to a DHCP client of this host, or rights are lacking.</exception>
    public static async Task<IReadOnlyList<DhcpOffer>> OffersAsync(string networkInterface, CancellationToken cancellation)
    {
        using var socket = Open(networkInterface);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var transaction = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        var asking = AskAsync(socket, DhcpDiscover.Message(transaction, UnknownMachine()), patience.Token);
        var offers = await ListenAsync(socket, transaction, patience.Token);
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return [.. offers.Distinct()];
    }

    private static Socket Open(string networkInterface)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.ASCII.GetBytes(networkInterface + '\0'));
            socket.Bind(new IPEndPoint(IPAddress.Any, ClientPort));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task AskAsync(Socket socket, byte[] message, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await socket.SendToAsync(message, new IPEndPoint(IPAddress.Broadcast, ServerPort), cancellation);
            await Task.Delay(Pause, cancellation);
        }
    }

    private static async Task<List<DhcpOffer>> ListenAsync(Socket socket, uint transaction, CancellationToken patience)
    {
        List<DhcpOffer> offers = [];
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, patience);
                if (DhcpDiscover.ReadOffer(buffer.AsSpan(0, length), transaction) is { } offer)
                {
                    offers.Add(offer);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return offers;
        }
    }

    private static PhysicalAddress UnknownMachine() => PhysicalAddress.Parse(MacAddress.Doctor.ToHyphenated());
}
