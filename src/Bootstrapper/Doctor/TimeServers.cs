using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Doctor;

/// <summary>DHCP promises machines the time from these servers; from this host, too, on which nothing of ours gives it.</summary>
internal static class TimeServers
{
    public const string Name = "time servers";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Patient patient, CancellationToken cancellation)
    {
        var servers = TimeServersOf(patient.Cluster);
        var silent = await SilentAsync(patient.Cluster, cancellation);
        return servers.Count == 0 ? [Finding.Good(Name, "the description names none")]
            : silent.Count == 0 ? [Finding.Good(Name, $"{string.Join(", ", servers)}: each gives the time")]
            : [.. silent.Select(server => Finding.Warning(Name, Problem(server), Remedy(server, patient.Cluster)))];
    }

    /// <summary>Those that machines are told of, and that give no time.</summary>
    public static async Task<IReadOnlyList<IPAddress>> SilentAsync(ClusterDescription cluster, CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(TimeServersOf(cluster).Select(async server =>
            (server, answers: await NtpProbe.AnswersAsync(new IPEndPoint(server, NtpProbe.Port), cancellation))));
        return [.. asked.Where(server => !server.answers).Select(server => server.server)];
    }

    public static string Problem(IPAddress server) =>
        $"machines are told to take the time from {server}, and nothing there answers on UDP port {NtpProbe.Port} that knows it";

    private static IReadOnlyList<IPAddress> TimeServersOf(ClusterDescription cluster) =>
        [.. cluster.Networks.SelectMany(network => network.NtpServers).Distinct()];

    private static string Remedy(IPAddress server, ClusterDescription cluster) => cluster.OwnAddresses.Contains(server)
        ? $"run a time server on this host (chrony with 'allow {cluster.Subnets}'), or name others in ntp_servers"
        : "see that it runs and that no firewall is in between, or name others in ntp_servers";
}
