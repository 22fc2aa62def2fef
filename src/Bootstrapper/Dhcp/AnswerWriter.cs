using System.Net;
using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Writes an answer with all that a machine is told beside its address. One after the other, each in place of the one before.
/// </summary>
internal sealed class AnswerWriter
{
    /// <summary>In bytes: what comes through an Ethernet in one piece.</summary>
    private const int Longest = 1472;

    private const int IpAndUdp = 28;

    private readonly ClusterDescription _cluster;
    private readonly LoaderTable _loaders;
    private readonly uint _own, _netmask, _broadcast;
    private readonly string _ownText;
    private readonly byte[] _memory = new byte[UdpFrame.HeaderLength + Longest];
    private readonly DhcpWriter _message;

    /// <summary>For whoever wants it.</summary>
    private readonly (byte Code, byte[] Value)[] _network;

    public AnswerWriter(ClusterDescription cluster)
    {
        (_cluster, _loaders) = (cluster, new LoaderTable(cluster));
        (_own, _ownText) = (cluster.Bootstrapper.ToNumber(), cluster.Bootstrapper.ToString());
        (_netmask, _broadcast) = (cluster.Network.Netmask.ToNumber(), cluster.Network.Broadcast.ToNumber());
        _message = new DhcpWriter(_memory, UdpFrame.HeaderLength);
        (byte Code, byte[] Value)[] network =
        [
            (DhcpOptions.Routers, Octets(cluster.Network.Routers)),
            (DhcpOptions.NameServers, Octets(cluster.Network.NameServers)),
            (DhcpOptions.DomainName, Encoding.ASCII.GetBytes(cluster.DomainName)),
            (DhcpOptions.TimeServers, Octets(cluster.Network.NtpServers)),
        ];
        _network = [.. network.Where(option => option.Value.Length > 0)];
    }

    /// <summary>Whether a machine is told of a loader that it fetches over TFTP: the others are URLs of ours.</summary>
    public bool NeedsTftp(in DhcpReader request, PlannedNode? node) =>
        LoaderFor(request, node) is { } loader && !loader.Contains("://", StringComparison.Ordinal);

    /// <param name="loader">That it names; <c>null</c> for none.</param>
    /// <returns>The message, with room for what carries it before it; good until the next one.</returns>
    public Memory<byte> Write(in DhcpReader request, in Answer answer, PlannedNode? node, out string? loader)
    {
        loader = null;
        var isRefusal = answer.Type == DhcpMessageType.Nak;
        _message.Begin(
            new DhcpHeader(DhcpReader.FromServer, request.Transaction)
            {
                // Who is refused has no address that it could be reached at; a relay is told to ask everybody.
                IsBroadcast = request.WantsBroadcast || isRefusal,
                ClientAddress = isRefusal ? 0 : request.ClientAddress,
                GivenAddress = answer.Address,
                NextServer = isRefusal ? 0 : _own,
                Relay = request.Relay,
            },
            request.HardwareAddress,
            answer.Type == DhcpMessageType.BootReply ? DhcpWriter.Shortest : RoomFor(request));
        var relayed = request.Option(DhcpOptions.RelayInformation);
        var last = relayed.IsEmpty ? 0 : 2 + relayed.Length;
        _message.Reserve(last);
        if (answer.Type != DhcpMessageType.BootReply)
        {
            _message.Add(DhcpOptions.MessageType, (byte)answer.Type);
            _message.Add(DhcpOptions.ServerIdentifier, _own);
            Echo(request, DhcpOptions.ClientIdentifier); // RFC 6842
        }

        if (isRefusal)
        {
            _message.Add(DhcpOptions.Message, Encoding.ASCII.GetBytes(answer.Remark));
        }
        else
        {
            Fill(request, answer, node, out loader);
        }

        _message.Reserve(-last);
        Echo(request, DhcpOptions.RelayInformation); // RFC 3046, 2.2
        return _memory.AsMemory(0, UdpFrame.HeaderLength + _message.Finish());
    }

    /// <summary>What a machine cannot do without comes first: there may be little room.</summary>
    private void Fill(in DhcpReader request, in Answer answer, PlannedNode? node, out string? loader)
    {
        if (answer.Address != 0 && answer.Type != DhcpMessageType.BootReply)
        {
            AddTimes(request, answer.Lease);
        }

        if (answer.Type == DhcpMessageType.Ack && request.Type == DhcpMessageType.Discover)
        {
            _message.Add(DhcpOptions.RapidCommit, []);
        }

        _message.Add(DhcpOptions.Netmask, _netmask);
        _message.Add(DhcpOptions.Broadcast, _broadcast);
        loader = AddLoader(request, node);
        foreach (var (code, value) in _network)
        {
            if (request.AsksFor(code))
            {
                _message.Add(code, value);
            }
        }

        if (node is not null)
        {
            AddName(request, node);
        }

        Echo(request, DhcpOptions.ClientUuid); // RFC 4578, 2.3
    }

    /// <returns>The loader.</returns>
    private string? AddLoader(in DhcpReader request, PlannedNode? node)
    {
        var isHttp = LoaderTable.BootsOverHttp(request);
        if (isHttp)
        {
            _message.Add(DhcpOptions.VendorClass, "HTTPClient"u8);
        }

        if (LoaderFor(request, node) is not { } loader)
        {
            return null;
        }

        // Who names what it wants reads options, and others the fixed part.
        var hasList = request.Has(DhcpOptions.ParameterList);
        _message.AddFile(loader, asOption: hasList && request.AsksFor(DhcpOptions.BootFile));
        if (!isHttp)
        {
            _message.AddServerName(_ownText, asOption: hasList && request.AsksFor(DhcpOptions.ServerName));
        }

        return loader;
    }

    private string? LoaderFor(in DhcpReader request, PlannedNode? node) =>
        _loaders.LoaderFor(request, node?.Loader ?? _cluster.BootLoader);

    private void AddName(in DhcpReader request, PlannedNode node)
    {
        if (request.AsksFor(DhcpOptions.HostName))
        {
            _message.Add(DhcpOptions.HostName, Encoding.ASCII.GetBytes(node.Label));
        }

        if (request.Option(DhcpOptions.ClientName) is [_, _, _, ..] said)
        {
            _message.Add(DhcpOptions.ClientName, ClientName.Answer(said, node.Label, _cluster.DomainName));
        }
    }

    /// <summary>
    /// Machines that were switched on together are to renew one after the other: each comes earlier by its share of a sixteenth
    /// of the time.
    /// </summary>
    private void AddTimes(in DhcpReader request, TimeSpan lease)
    {
        if (lease == Timeout.InfiniteTimeSpan)
        {
            _message.Add(DhcpOptions.LeaseTime, uint.MaxValue);
            return;
        }

        var seconds = (uint)Math.Min(lease.TotalSeconds, uint.MaxValue - 1);
        var share = (uint)(request.Card.Value % ((seconds / 16) + 1));
        _message.Add(DhcpOptions.LeaseTime, seconds);
        _message.Add(DhcpOptions.RenewalTime, (seconds / 2) - share);
        _message.Add(DhcpOptions.RebindingTime, (seconds / 8 * 7) - share);
    }

    private void Echo(in DhcpReader request, byte code)
    {
        if (request.Option(code) is { IsEmpty: false } value)
        {
            _message.Add(code, value);
        }
    }

    private static int RoomFor(in DhcpReader request) =>
        request.Number(DhcpOptions.LargestMessage) is { } longest
            ? Math.Clamp(longest - IpAndUdp, DhcpWriter.UsualLongest, Longest)
            : DhcpWriter.UsualLongest;

    private static byte[] Octets(IEnumerable<IPAddress> addresses) =>
        [.. addresses.SelectMany(address => address.GetAddressBytes())];
}
