using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Http;

/// <summary>
/// With whom we speak at all, judged before a byte is read: with this host; with the network of the machines, on an interface
/// that has an address of it; and with the networks of <c>operators_from</c>, but not on the machines' port.
/// </summary>
internal sealed partial class ConnectionSources(
    CurrentSnapshot current, LocalInterfaces interfaces, TimeProvider time, ILogger<ConnectionSources> logger)
{
    private readonly Lock _gate = new();
    private readonly OncePer _warnings = new(TimeSpan.FromMinutes(1), time);
    private long _refused, _told;

    /// <summary>How many connections were closed because of where they came from.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <param name="connection">Just accepted.</param>
    public bool Admit(Socket connection)
    {
        try
        {
            return Admit(
                (IPEndPoint)connection.RemoteEndPoint!,
                ((IPEndPoint)connection.LocalEndPoint!).Port,
                ArrivalInterface.Of(connection));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // closed meanwhile: there is nobody to speak with
        }
    }

    /// <param name="arrival">The kernel's number of the interface that it came in by.</param>
    internal bool Admit(IPEndPoint from, int port, int arrival)
    {
        var cluster = current.Value.Cluster;
        if (arrival == LocalInterface.LoopbackIndex
            || cluster.OwnAddresses.Contains(from.Address) // the kernel takes such a packet from this host alone
            || (cluster.NetworkOf(from.Address) is { } network && LeadsTo(network, arrival, cluster))
            || (port != cluster.Ports.Http && cluster.OperatorsFrom.Any(network => network.Contains(from.Address))))
        {
            return true;
        }

        Refuse(from.Address, port, arrival);
        return false;
    }

    /// <summary>
    /// The interface that has the bootstrapper's address, or another one on the same network: Linux answers ARP on either. What
    /// comes through a router may come by any that has an address of ours, and by no network of machines in which it is not.
    /// </summary>
    private bool LeadsTo(Network network, int arrival, ClusterDescription cluster) => interfaces.All.Any(local =>
        local.Index == arrival
            && local.Addresses.Any(cluster.IsOn(network) ? network.Subnet.Contains : cluster.OwnAddresses.Contains));

    private void Refuse(IPAddress from, int port, int arrival)
    {
        lock (_gate)
        {
            _refused++;
            if (!_warnings.TryPass())
            {
                return;
            }

            LogRefused(from, port, NameOf(arrival), WhyRefused(from, port), _refused - _told - 1);
            _told = _refused;
        }
    }

    /// <returns>The reason, and what to do where it is a machine's or an operator's after all.</returns>
    private string WhyRefused(IPAddress from, int port)
    {
        var cluster = current.Value.Cluster;
        return cluster.NetworkOf(from) is { } network
                ? $"no address of {(cluster.IsOn(network) ? network.Subnet : "the bootstrapper")} is on that interface; "
                    + "if machines are there, it needs one"
            : port == cluster.Ports.Http
                ? $"it is not from {cluster.Subnets}; if it is a machine behind a router, "
                    + "see 'Machines behind a router' in docs/booting.md"
            : $"it is neither from {cluster.Subnets} nor from operators_from; "
                + "if an operator is there, name the network in operators_from";
    }

    private static string NameOf(int arrival) =>
        LocalInterface.All().FirstOrDefault(local => local.Index == arrival)?.Name
            ?? string.Create(CultureInfo.InvariantCulture, $"interface {arrival}");

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Closed a connection of {Address} to port {Port} that came in by {Interface}: {Reason}; closed before, and not "
            + "told: {More}")]
    private partial void LogRefused(IPAddress address, int port, string @interface, string reason, long more);
}
