using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Boot;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>
/// Our DHCP server without its sockets: frames go in, and what it would send comes out. Its clock stands still.
/// </summary>
internal sealed class Answers
{
    public static readonly IPAddress Server = IPAddress.Parse("10.88.0.1");

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private DhcpAnswering _answering;

    public Answers(ClusterDescription cluster)
    {
        Leases = new LeaseTable(_clock);
        _answering = Answering(cluster);
    }

    public LeaseTable Leases { get; }

    public DhcpNews News { get; } = new();

    /// <summary>What went out with the last answer.</summary>
    public Reply? Last { get; private set; }

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>
    /// A network of 10.88.0.0/24 with a range of its addresses 100 to 199, of which strangers have the last 25.
    /// </summary>
    public static ClusterDescription Cluster(params Node[] nodes) => new()
    {
        Bootstrapper = Server,
        DomainName = "lab.test",
        Network = new Network
        {
            Subnet = IPNetwork.Parse("10.88.0.0/24"),
            Broadcast = IPAddress.Parse("10.88.0.255"),
            NameServers = [Server],
            Range = new DhcpRange(IPAddress.Parse("10.88.0.100"), IPAddress.Parse("10.88.0.199")),
        },
        Dhcp = new DhcpSettings
        {
            Engine = DhcpEngine.BuiltIn,
        },
        UnknownNodes = UnknownNodes.Discover,
        Nodes = nodes,
    };

    public static MacAddress Mac(int number) => new(0x525400880000UL + (ulong)number);

    public static Node Node(int number, string? ip = null) => new()
    {
        Mac = Mac(number),
        HostName = $"n{number}",
        Channel = "stable",
        Ip = ip is null ? null : IPAddress.Parse(ip),
    };

    /// <summary>As at a change of the file.</summary>
    public void Describe(ClusterDescription cluster)
    {
        var next = Answering(cluster);
        next.GoOnFrom(_answering, Now);
        _answering = next;
    }

    /// <summary>As while dnsmasq is not there.</summary>
    public void HaveTftp(bool hasTftp) => _answering.HasTftp = hasTftp;

    public void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        _answering.EndLeases(Now);
    }

    /// <returns><c>null</c> for no answer.</returns>
    public DhcpMessage? To(DhcpMessage question, IPAddress? to = null) => To(FrameOf(question, to));

    /// <param name="arrival">Our address on the interface that it comes in by.</param>
    public DhcpMessage? To(DhcpMessage question, IPAddress arrival, IPAddress? to) => To(question, [arrival], to);

    /// <param name="arrivals">Likewise, where it has several.</param>
    public DhcpMessage? To(DhcpMessage question, IEnumerable<IPAddress> arrivals, IPAddress? to) =>
        To(FrameOf(question, to), [.. arrivals.Select(Ipv4.ToNumber)]);

    public DhcpMessage? To(ReadOnlySpan<byte> frame, params ReadOnlySpan<uint> arrivals)
    {
        Last = UdpFrame.TryRead(frame, out var datagram) ? _answering.To(datagram, Now, arrivals) : null;
        return Last is { } reply ? new DhcpMessage(reply.Frame[UdpFrame.HeaderLength..].ToArray()) : null;
    }

    public IPAddress? Offered(int number) => To(DhcpMessage.Discover(new DhcpClient(Mac(number))))?.YourAddress;

    /// <summary>It takes what it is offered.</summary>
    public DhcpMessage? Take(int number) =>
        Offered(number) is { } offered ? To(DhcpMessage.Take(new DhcpClient(Mac(number)), offered, Server)) : null;

    private static ReadOnlySpan<byte> FrameOf(DhcpMessage question, IPAddress? to) => FirmwareRequestTests.Frame(
        new MacAddress(Convert.ToUInt64(Convert.ToHexString(question.Bytes.AsSpan(28, 6)), 16)),
        new IPAddress(question.Bytes.AsSpan(12, 4)),
        to ?? IPAddress.Broadcast,
        question.Bytes);

    private DhcpAnswering Answering(ClusterDescription cluster) =>
        new(new Snapshot(cluster, new Bsroot("/nowhere"), TemplateSet.Of([])), Leases, News);
}
