using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Dhcp;

/// <summary>
/// From a frame to its answer, as one description has it. Nothing that comes from the wire makes it throw, and it does no more
/// work for a frame than to answer it.
/// </summary>
internal sealed class DhcpAnswering
{
    /// <summary>Of an answer that there is none of yet.</summary>
    private const string NoTftp = "is answered when dnsmasq can send its loader";

    private readonly AddressPlan _plan;
    private readonly Answerer _answerer;
    private readonly AddressBook _book;
    private readonly LeaseTable _leases;
    private readonly DhcpNews _news;
    private readonly HashSet<uint> _own, _broadcast;
    private readonly uint[] _main;
    private bool _hasTftp = true;
    private string? _complaint;

    public DhcpAnswering(Snapshot snapshot, LeaseTable leases, DhcpNews news)
    {
        var cluster = snapshot.Cluster;
        (Snapshot, _leases, _news) = (snapshot, leases, news);
        (_own, _main) = ([.. cluster.OwnAddresses.Select(Ipv4.ToNumber)], [cluster.Bootstrapper.ToNumber()]);
        _broadcast = [.. cluster.Networks.Select(network => network.Broadcast.ToNumber()), UdpFrame.Everybody];
        _plan = new AddressPlan(cluster);
        _book = new AddressBook(_plan, leases);
        _answerer = new Answerer(_plan, _book, leases);
    }

    public Snapshot Snapshot { get; }

    /// <summary>
    /// Whether somebody sends loaders over TFTP now. Otherwise who would be told of one is not answered: firmware asks for an
    /// address for a minute, and where it has one and no loader it goes on to its next boot device. A system goes on.
    /// </summary>
    public bool HasTftp { set => _hasTftp = value; }

    /// <inheritdoc cref="AddressBook.GoOnFrom"/>
    public void GoOnFrom(DhcpAnswering before, long now) => _book.GoOnFrom(before._book, now);

    /// <returns>Who had no address left since the last call; <c>null</c> for nobody.</returns>
    public string? TakeComplaint() => Interlocked.Exchange(ref _complaint, null);

    /// <param name="now">In Unix seconds.</param>
    public void EndLeases(long now) => _book.EndLeases(now);

    /// <param name="now">In Unix seconds.</param>
    /// <param name="arrivals">Our addresses on the interface that it came in by; none for the main one.</param>
    /// <returns>What is to be sent; <c>null</c> for nothing. Its octets are good until the next frame.</returns>
    public Reply? To(in UdpFrame datagram, long now, params ReadOnlySpan<uint> arrivals)
    {
        if (!DhcpReader.TryRead(datagram.Payload, out var request))
        {
            return null;
        }

        var isToUs = _own.Contains(datagram.To);
        if (!isToUs && !_broadcast.Contains(datagram.To))
        {
            return null;
        }

        if (!request.IsRequest)
        {
            if (request.IsOfInfiniBand)
            {
                _news.Tell(new DhcpEvent(default, request.Type, 0), isOfNode: false);
            }

            return null;
        }

        var node = _plan.NodeOf(request.Card);
        var on = _plan.NetworkOf(
            request, isToUs, arrivals is [] ? _main : arrivals, node, _leases.Find(request.Card)?.Address);
        var answer = on is not null && IsToWait(request, node, on)
            ? Answerer.Silence with { Remark = NoTftp }
            : _answerer.To(request, node, on, isToUs, now);
        Tell(datagram, request, answer, node);
        return on is null || answer.Type == DhcpMessageType.None ? null : Write(request, answer, node, on);
    }

    private bool IsToWait(in DhcpReader request, PlannedNode? node, PlannedNetwork on) =>
        !_hasTftp && request.Type is DhcpMessageType.Discover or DhcpMessageType.Request && _plan.Answers(request.Card, node)
            && on.Writer.NeedsTftp(request, node);

    private Reply Write(in DhcpReader request, in Answer answer, PlannedNode? node, PlannedNetwork on)
    {
        var frame = on.Writer.Write(request, answer, node, out var loader);
        _news.Tell(
            new DhcpEvent(request.Card, answer.Type, answer.Address == 0 ? request.ClientAddress : answer.Address)
            {
                Remark = answer.Type is DhcpMessageType.Ack or DhcpMessageType.BootReply ? node?.Label ?? "" : answer.Remark,
                Loader = answer.Type == DhcpMessageType.Offer ? loader : null,
            },
            node is not null);
        return new Reply(frame, Destination.Of(request, answer), on.Own, answer);
    }

    private void Tell(in UdpFrame datagram, in DhcpReader request, in Answer answer, PlannedNode? node)
    {
        if (request.Card == MacAddress.Doctor)
        {
            return;
        }

        if (answer.Remark == Answerer.NoneLeft)
        {
            _complaint = node is null ? "an unknown machine" : node.HostName;
        }

        _news.Tell(
            new DhcpEvent(
                request.Card,
                request.Type,
                request.Address(DhcpOptions.RequestedAddress) ?? request.ClientAddress)
            {
                Remark = answer.Type == DhcpMessageType.None ? answer.Remark : "",
                VendorClass = VendorClassOf(request),
                Relay = request.Relay,
                IsFromFirmware = FirmwareRequest.CardIn(datagram, request) is not null,
            },
            node is not null);
    }

    private static string VendorClassOf(in DhcpReader request)
    {
        if (request.Type is not (DhcpMessageType.Discover or DhcpMessageType.Request))
        {
            return "";
        }

        var said = request.Option(DhcpOptions.VendorClass);
        return said.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? string.Concat(Encoding.ASCII.GetString(said).Where(sign => sign is >= ' ' and <= '~'))
            : Encoding.ASCII.GetString(said);
    }
}

/// <summary>An answer that is written.</summary>
/// <param name="Frame">The message, with room for what carries it before it.</param>
/// <param name="From">Our address, as the machines of its network have it.</param>
internal readonly record struct Reply(Memory<byte> Frame, Destination To, uint From, Answer Answer);
