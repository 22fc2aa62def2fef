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
    private readonly AnswerWriter _writer;
    private readonly AddressBook _book;
    private readonly DhcpNews _news;
    private readonly uint _own, _broadcast;
    private bool _hasTftp = true;
    private string? _complaint;

    public DhcpAnswering(Snapshot snapshot, LeaseTable leases, DhcpNews news)
    {
        var cluster = snapshot.Cluster;
        (Snapshot, _news) = (snapshot, news);
        (_own, _broadcast) = (cluster.Bootstrapper.ToNumber(), cluster.Network.Broadcast.ToNumber());
        _plan = new AddressPlan(cluster);
        _book = new AddressBook(_plan, leases);
        _answerer = new Answerer(_plan, _book, leases, _own);
        _writer = new AnswerWriter(cluster);
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

    /// <returns>What is to be sent; <c>null</c> for nothing. Its octets are good until the next frame.</returns>
    public Reply? To(in UdpFrame datagram, long now)
    {
        if (!DhcpReader.TryRead(datagram.Payload, out var request))
        {
            return null;
        }

        var isToUs = datagram.To == _own;
        if (!isToUs && datagram.To != UdpFrame.Everybody && datagram.To != _broadcast)
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
        var answer = IsToWait(request, node)
            ? Answerer.Silence with { Remark = NoTftp }
            : _answerer.To(request, node, isToUs, now);
        Tell(datagram, request, answer, node);
        return answer.Type == DhcpMessageType.None ? null : Write(request, answer, node);
    }

    private bool IsToWait(in DhcpReader request, PlannedNode? node) =>
        !_hasTftp && request.Type is DhcpMessageType.Discover or DhcpMessageType.Request && _plan.Answers(request.Card, node)
            && _writer.NeedsTftp(request, node);

    private Reply Write(in DhcpReader request, in Answer answer, PlannedNode? node)
    {
        var frame = _writer.Write(request, answer, node, out var loader);
        _news.Tell(
            new DhcpEvent(request.Card, answer.Type, answer.Address == 0 ? request.ClientAddress : answer.Address)
            {
                Remark = answer.Type is DhcpMessageType.Ack or DhcpMessageType.BootReply ? node?.Label ?? "" : answer.Remark,
                Loader = answer.Type == DhcpMessageType.Offer ? loader : null,
            },
            node is not null);
        return new Reply(frame, Destination.Of(request, answer), answer);
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
internal readonly record struct Reply(Memory<byte> Frame, Destination To, Answer Answer);
