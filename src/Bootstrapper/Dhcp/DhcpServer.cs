using System.Net.Sockets;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Supervision;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Our own DHCP server, where the description wants it (<see cref="Snapshot.HasBuiltInDhcp"/>). It answers on the interfaces
/// that have our addresses, from the moment that our other ports answer, to which it leads machines, and until they are to
/// stop. Who has the port has the leases: they are read once it is ours, and written before it is given up.
/// </summary>
internal sealed partial class DhcpServer(
    CurrentSnapshot current,
    LocalInterfaces interfaces,
    LeaseTable leases,
    LeaseStore store,
    LeaseWriter writer,
    LeaseFile file,
    DhcpNews news,
    DhcpTurn turn,
    ServiceGroup services,
    IHostApplicationLifetime lifetime,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<DhcpServer> logger)
    : BackgroundRounds(Name, health, time, logger)
{
    private const string Name = "DHCP server";

    /// <summary>
    /// How often it looks where its address is, what is in force and which leases are over, where frames come in or the port is
    /// wanted; before the first answer in any case.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>The same where dnsmasq gives out the addresses: that this changes rings.</summary>
    private static readonly TimeSpan LookWhileOff = TimeSpan.FromMinutes(1);

    /// <summary>How long dnsmasq may take to give up the port, once it is told to; it is killed after five seconds.</summary>
    private static readonly TimeSpan Handover = TimeSpan.FromSeconds(10);

    /// <summary>How long the thread that answers waits for a frame or a call before it looks whether a lease is over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long requests gather before the next of them are read; nobody waits for so little, and to be woken costs more than an
    /// answer.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Frames that may wait for their answers. Who takes an offer goes first: it is nearly through. Of those who ask for one, the
    /// last goes first: where there are more than can be answered, the first have given up.
    /// </summary>
    private const int Room = 1024;

    /// <summary>Answers between two looks at what has come: it may be more urgent.</summary>
    private const int AtOnce = 64;

    private readonly OwnPlaces _places = new(Name, interfaces, health, logger);
    private readonly Bell _bell = new();
    private readonly SocketWait _wait = new();
    private readonly FrameQueue _urgent = new(Room), _discovers = new(Room);
    private readonly byte[] _frame = new byte[DhcpWire.LargestFrame];
    private readonly OncePer _overload = new(TimeSpan.FromMinutes(1), time), _complaint = new(TimeSpan.FromMinutes(1), time),
        _fault = new(TimeSpan.FromMinutes(1), time);

    private DhcpAnswering? _answering;

    /// <summary>One for each interface, and their sockets in the same order; none while others have the port.</summary>
    private IReadOnlyList<DhcpPort> _ports = [];
    private IReadOnlyList<Socket> _wires = [];
    private long _lost;
    private long _lookedAt;
    private volatile bool _isCalled;
    private bool _isDnsmasqs;

    /// <summary>When dnsmasq was told that it is to give out the addresses no more; <c>null</c> for never.</summary>
    private long? _oursSince;

    private long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Whether we are to stop: what machines would be told of goes away now.</summary>
    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    private bool IsServing => _ports.Count > 0;

    private bool HasWaiting => _urgent.Count + _discovers.Count > 0;

    /// <summary>Whether it is time for <see cref="Follow()"/>.</summary>
    private bool IsToLook => _isCalled || IsStopping || turn.Call.IsCancellationRequested || _answering?.Snapshot != current.Value
        || Time.GetElapsedTime(_lookedAt) >= LookEvery;

    public override void Dispose()
    {
        current.Replaced -= Call;
        interfaces.Changed -= Call;
        turn.Called -= Call;
        _wait.Dispose();
        base.Dispose();
    }

    /// <remarks>Before dnsmasq runs, which would not know what a kill left in the file; later it writes there itself.</remarks>
    protected override Task OpenAsync(CancellationToken cancellation)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            store.MakeWhole();
        }

        current.Replaced += Call;
        interfaces.Changed += Call;
        turn.Called += Call;
        lifetime.ApplicationStopping.Register(Call);
        return Task.CompletedTask;
    }

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            await lifetime.StartedAsync(stopping);
            return;
        }

        if (!IsServing)
        {
            await DelayAsync(Time.UntilNext(current.Value.HasBuiltInDhcp ? LookEvery : LookWhileOff), _bell, stopping);
        }
    }

    /// <remarks>
    /// The round that opens the port ends with that. The next one answers until the port is given up, on a thread of its own:
    /// where the runtime waits for a socket it wakes up for each frame, whether anybody reads or not, and to be woken costs more
    /// than an answer.
    /// </remarks>
    protected override Task RoundAsync(CancellationToken stopping)
    {
        if (IsServing)
        {
            return Task.Factory.StartNew(
                () => Serve(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Follow();
        return Task.CompletedTask;
    }

    protected override Task CloseAsync()
    {
        Drop();
        return Task.CompletedTask;
    }

    /// <summary>There is something to look at: for the round that waits for it, or for the thread that answers.</summary>
    private void Call()
    {
        _isCalled = true;
        _bell.Ring();
        _wait.Wake();
    }

    /// <summary>Whatever ends it leaves the port, so that the next round opens it anew.</summary>
    private void Serve(CancellationToken stopping)
    {
        using var stop = stopping.Register(_wait.Wake);
        try
        {
            while (IsServing && !stopping.IsCancellationRequested)
            {
                if (!HasWaiting)
                {
                    _wait.Until(_wires, Patience); // which does not say that the interface is down: to receive does
                }

                if (IsToLook)
                {
                    Follow();
                }

                if (IsServing)
                {
                    AnswerSome();
                }
            }
        }
        catch
        {
            Drop();
            throw;
        }
    }

    private void AnswerSome()
    {
        foreach (var port in _ports)
        {
            Read(port);
        }

        if (!HasWaiting)
        {
            return;
        }

        _answering!.HasTftp = services.IsReady(DnsmasqService.Name);
        for (var i = 0; i < AtOnce && TryTakeNext(out var datagram); i++)
        {
            Answer(datagram);
        }

        TellOfTrouble();
        if (!HasWaiting)
        {
            Thread.Sleep(Gather);
        }
    }

    private bool TryTakeNext(out UdpFrame datagram) =>
        _urgent.TryTakeOldest(out datagram) || _discovers.TryTakeNewest(out datagram);

    private void Read(DhcpPort port)
    {
        for (var i = 0; i < Room && port.Receive(_frame) is > 0 and var length; i++)
        {
            Sort(_frame.AsSpan(0, length), port.Addresses[0]);
        }
    }

    /// <summary>Whoever sends what is no request, or asks for no address, is not to keep others from theirs.</summary>
    /// <param name="arrival">Our first address on the interface that it came in by.</param>
    private void Sort(ReadOnlySpan<byte> frame, uint arrival)
    {
        if (!UdpFrame.TryRead(frame, out var read) || !DhcpReader.TryRead(read.Payload, out var request))
        {
            return;
        }

        var datagram = UdpFrame.Of(read.Frame, read.Place with { Arrival = arrival });

        var isUrgent = request.IsRequest && request.Type is DhcpMessageType.Request or DhcpMessageType.Decline;
        if (!(isUrgent ? _urgent : _discovers).Add(datagram))
        {
            _lost++;
        }
    }

    private void Answer(in UdpFrame datagram)
    {
        try
        {
            var arrival = datagram.Place.Arrival;
            var port = _ports.First(port => port.Addresses[0] == arrival);
            if (_answering!.To(datagram, Now, port.Addresses) is { } reply)
            {
                Send(port, reply);
            }

            writer.NoteChange();
        }
#pragma warning disable CA1031 // Whatever is in this frame, the next one is to be answered.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_fault.TryPass())
            {
                LogFault(Logger, e);
            }
        }
    }

    private void Send(DhcpPort port, in Reply reply)
    {
        if (reply.Answer is { IsToBeKept: true, Given: { } lease })
        {
            var (frame, to, from) = (reply.Frame.ToArray(), reply.To, reply.From);
            writer.Keep(new WaitingAnswer(lease, () => port.Send(frame, to, from)));
        }
        else
        {
            port.Send(reply.Frame.Span, reply.To, reply.From);
        }
    }

    /// <summary>
    /// Looks at the description in force, at the interface that has the bootstrapper's address now, and at the clock.
    /// </summary>
    private void Follow()
    {
        _isCalled = false; // before the look: what happens after it calls again
        var snapshot = current.Value;
        if (_isDnsmasqs && snapshot.HasBuiltInDhcp)
        {
            _oursSince = Time.GetTimestamp();
        }

        _isDnsmasqs = !snapshot.HasBuiltInDhcp;
        if (!snapshot.HasBuiltInDhcp || IsStopping)
        {
            _places.Forget();
            Drop();
        }
        else if (turn.Call.IsCancellationRequested)
        {
            GiveWay();
        }
        else if (IsOpen(snapshot))
        {
            Follow(snapshot);
        }
    }

    private void Follow(Snapshot snapshot)
    {
        if (_answering?.Snapshot != snapshot)
        {
            var next = new DhcpAnswering(snapshot, leases, news);
            if (_answering is { } before)
            {
                next.GoOnFrom(before, Now);
            }

            _answering = next;
        }

        if (Time.GetElapsedTime(_lookedAt) >= LookEvery)
        {
            _lookedAt = Time.GetTimestamp();
            _answering.EndLeases(Now);
            writer.NoteChange();
        }
    }

    /// <summary>Opens it where it is not, on the interfaces that have our addresses now.</summary>
    private bool IsOpen(Snapshot snapshot)
    {
        IReadOnlyList<OwnPlace> places;
        try
        {
            places = _places.Of(snapshot.Cluster);
        }
        catch (IOException)
        {
            Drop();
            throw;
        }

        if (places.SequenceEqual(_ports.Select(port => port.Place)))
        {
            return true;
        }

        Drop();
        return turn.TryTake() && TryOpen(places, snapshot);
    }

    /// <summary>Both or none: who has the port without the leases gives addresses to two machines.</summary>
    private bool TryOpen(IReadOnlyList<OwnPlace> places, Snapshot snapshot)
    {
        List<DhcpPort> ports = [];
        try
        {
            ports.AddRange(places.Select(TakePort).TakeWhile(port => port is not null)!);
            if (ports.Count < places.Count)
            {
                Leave(ports);
                return false;
            }

            store.Open();
        }
        catch
        {
            Leave(ports);
            throw;
        }

        (_ports, _wires, file.Own) = (ports, ports.ConvertAll(port => port.Wire), leases);
        writer.Wake(); // the names of who has a lease already
        LogServing(
            Logger,
            string.Join(", ", places.Select(place => place.On.Name)),
            snapshot.Cluster.Nodes.Count);
        return true;
    }

    private void Leave(IEnumerable<DhcpPort> ports)
    {
        foreach (var port in ports)
        {
            port.Dispose();
        }

        turn.Leave();
    }

    /// <returns><c>null</c> where dnsmasq has it, which was told to give it up.</returns>
    private DhcpPort? TakePort(OwnPlace place)
    {
        try
        {
            return new DhcpPort(place);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return _oursSince is { } at && Time.GetElapsedTime(at) < Handover
                ? null
                : throw new IOException(
                    $"another DHCP server on this host has port {UdpFrame.ServerPort} of {place.On.Name}: stop it, or set "
                        + "'dhcp: off'",
                    e);
        }
    }

    /// <summary>dnsmasq is to go on with the leases as they are. Where they cannot be written, it is not asked to.</summary>
    private void GiveWay()
    {
        try
        {
            store.Save();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            turn.Refuse(e);
            return;
        }

        Drop();
    }

    /// <summary>The leases are on disk before anybody else can have the port.</summary>
    private void Drop()
    {
        if (!IsServing)
        {
            return;
        }

        file.Own = null;
        try
        {
            store.Close();
        }
        finally
        {
            Leave(_ports);
            (_ports, _wires, _answering) = ([], [], null);
            _urgent.Clear();
            _discovers.Clear();
        }
    }

    private void TellOfTrouble()
    {
        if (_lost > 0 && _overload.TryPass())
        {
            LogOverload(Logger, _lost);
            _lost = 0;
        }

        if (_answering?.TakeComplaint() is { } whom && _complaint.TryPass())
        {
            LogNoneLeft(Logger, whom);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Our own DHCP server answers on {Interface}, for {Nodes} nodes")]
    private static partial void LogServing(ILogger logger, string @interface, int nodes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "More machines ask for addresses than can be answered: {Count} requests "
        + "were left out since the last line. They ask again")]
    private static partial void LogOverload(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP has no address left for {Whom}: make iplow to iphigh larger, or see "
        + "who has them with 'bootstrapper lease list'")]
    private static partial void LogNoneLeft(ILogger logger, string whom);

    [LoggerMessage(Level = LogLevel.Error, Message = "A DHCP request could not be answered; the next one is")]
    private static partial void LogFault(ILogger logger, Exception cause);
}
