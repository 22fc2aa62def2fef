using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Bootstrapper.Cluster;

namespace Bootstrapper.Doctor;

/// <summary>What machines behind a router ask by DHCP it brings to us, and all that they are sent goes over it.</summary>
internal static class RelayRouters
{
    public const string Name = "routers";

    private const int Tries = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Patient patient, CancellationToken cancellation)
    {
        var relayed = patient.Cluster.Networks.Where(network => !patient.Cluster.IsOn(network)).ToList();
        var findings = await Task.WhenAll(relayed.SelectMany(network => network.Routers.Select(router => (network, router)))
            .Select(pair => LookAsync(pair.network, pair.router, cancellation)));
        return findings.Length > 0 ? findings : [Finding.Good(Name, "no network is behind one")];
    }

    private static async Task<Finding> LookAsync(Network network, IPAddress router, CancellationToken cancellation) =>
        await AnswersAsync(router, cancellation)
            ? Finding.Good(Name, $"{router}, before {network.Name}, answers")
            : Finding.Warning(
                Name,
                $"{router}, the router before {network.Name}, does not answer a ping: what its machines ask for and are sent "
                    + "goes over it",
                $"see that 'ip route get {router}' leads to it and that it is on; one that answers no pings is not in the way");

    /// <summary>Tried twice: the first waits for ARP on the way.</summary>
    private static async Task<bool> AnswersAsync(IPAddress router, CancellationToken cancellation)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            using var ping = new Ping();
            try
            {
                if ((await ping.SendPingAsync(router, Patience, cancellationToken: cancellation)).Status == IPStatus.Success)
                {
                    return true;
                }
            }
            catch (PingException e) when (e.InnerException is SocketException)
            {
                return false; // no way there
            }
        }

        return false;
    }
}
