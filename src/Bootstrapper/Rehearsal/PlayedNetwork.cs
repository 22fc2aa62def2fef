using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// Two networks of their own and a cable between them: at one end the bootstrapper, with the address and the interface of its
/// description, at the other one card that is many. What leaves it has, frame by frame, the card of the machine that the address
/// belongs to, answers to ARP as well, so that the bootstrapper sees each machine where it is.
/// </summary>
internal sealed partial class PlayedNetwork : IDisposable
{
    private const string Card = "played0";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly PrivateNetwork _machines = PrivateNetwork.Create();

    private PlayedNetwork()
    {
    }

    /// <summary>Where the bootstrapper runs.</summary>
    public PrivateNetwork Server { get; } = PrivateNetwork.Create();

    /// <param name="cluster">Its interface has the name that the description gives it.</param>
    /// <param name="cards">Whose address is whose.</param>
    /// <exception cref="ProgramException">ip or nft is not there, or the kernel cannot do it.</exception>
    /// <exception cref="IOException">Rights are lacking.</exception>
    public static async Task<PlayedNetwork> BuildAsync(
        ClusterDescription cluster, IReadOnlyDictionary<IPAddress, MacAddress> cards, CancellationToken cancellation)
    {
        var network = new PlayedNetwork();
        try
        {
            await network.ConnectAsync(cluster, cancellation);
            await FeedAsync(network._machines.Run("nft", ["-f", "-"], Limit), Rules(cards), cancellation);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Of a machine. It speaks from wherever it binds to.</summary>
    public Socket Socket(SocketType type, ProtocolType protocol) =>
        _machines.Within(() => new Socket(AddressFamily.InterNetwork, type, protocol));

    /// <summary>What is on the machines' end of the cable.</summary>
    /// <param name="open">Is given the number of the interface.</param>
    public Socket OnCable(Func<int, Socket> open) =>
        _machines.Within(() => open((int)IndexOf(Card)));

    public void Dispose()
    {
        _machines.Dispose();
        Server.Dispose();
    }

    private async Task ConnectAsync(ClusterDescription cluster, CancellationToken cancellation)
    {
        var served = cluster.Interface ?? "served0";
        await FeedAsync(
            Server.Run("ip", ["-batch", "-"], Limit),
            $"""
            link set lo up
            link add {served} type veth peer name {Card} netns {_machines.Path}
            address add {cluster.Bootstrapper}/{cluster.Network.Subnet.PrefixLength} dev {served}
            link set {served} up

            """,
            cancellation);
        var parts = AllBut(cluster.Bootstrapper, cluster.Network.Subnet);
        await FeedAsync(
            _machines.Run("ip", ["-batch", "-"], Limit),
            $"""
            link set lo up
            link set {Card} up
            route add {cluster.Bootstrapper}/32 dev {Card}
            {string.Join('\n', parts.Select(part => $"route add local {part} dev lo"))}

            """,
            cancellation);
    }

    /// <summary>The networks that are left of one without one address.</summary>
    private static IEnumerable<IPNetwork> AllBut(IPAddress address, IPNetwork network)
    {
        for (var length = network.PrefixLength + 1; length <= Ipv4.Bits; length++)
        {
            var sibling = address.ToNumber() ^ (1u << (Ipv4.Bits - length));
            yield return new IPNetwork(Ipv4.ToAddress(sibling & Ipv4.Mask(length)), length);
        }
    }

    /// <summary>
    /// DHCP is read as frames, so the kernel would complain to the server that nobody has the port.
    /// </summary>
    private static string Rules(IReadOnlyDictionary<IPAddress, MacAddress> cards) => $$"""
        table netdev played {
          map cards {
            type ipv4_addr : ether_addr
            {{Elements(cards)}}
          }
          chain out {
            type filter hook egress device "{{Card}}" priority 0
            icmp type destination-unreachable drop
            ether saddr set ip saddr map @cards
            arp saddr ether set arp saddr ip map @cards
          }
          chain in {
            type filter hook ingress device "{{Card}}" priority 0
            meta pkttype set host
          }
        }

        """;

    private static string Elements(IReadOnlyDictionary<IPAddress, MacAddress> cards) => cards.Count == 0
        ? ""
        : $"elements = {{ {string.Join(", ", cards.Select(card => $"{card.Key} : {card.Value}"))} }}";

    private static Task FeedAsync(ProgramRun run, string input, CancellationToken cancellation)
    {
        var fed = run with { Input = (stream, end) => stream.WriteAsync(Encoding.ASCII.GetBytes(input), end).AsTask() };
        return fed.OutputAsync(cancellation);
    }

    /// <summary>Not as .NET tells it: only of interfaces that have an address.</summary>
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IndexOf(string name);
}
