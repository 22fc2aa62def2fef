using System.Text;
using System.Text.Json;
using Bootstrapper.Host;

namespace Bootstrapper.Doctor;

/// <summary>
/// Whether this host's firewall lets machines reach what they ask. iptables of today writes its rules there too
/// (iptables-nft(8)).
/// </summary>
internal static class Firewall
{
    public const string Name = "firewall";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Patient patient, CancellationToken cancellation)
    {
        try
        {
            return patient.Interface is { } serving ? [.. Judge(patient, serving.Name, await RulesAsync(cancellation))] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ProgramException)
        {
            return [Finding.Warning(
                Name,
                $"cannot look: {e.Message}",
                "run the doctor as root, or with CAP_NET_ADMIN, or make sure yourself that nothing is dropped")];
        }
    }

    private static IEnumerable<Finding> Judge(Patient patient, string networkInterface, FirewallRules rules)
    {
        var dropped = WantedPort.Of(patient.Cluster)
            .Where(port => rules.Drop(new FirstPacket(port, networkInterface, patient.Cluster.Network.Subnet))).ToList();
        return dropped.Count == 0
            ? [Finding.Good(Name, $"drops no requests of machines on {networkInterface}")]
            : dropped.Select(port => Finding.Warning(
                Name,
                $"drops what machines on {networkInterface} send to {port}, as far as its rules can be understood",
                $"nft add rule to accept 'iifname \"{networkInterface}\" {port.ProtocolName} dport {port.Number}' before it "
                    + "is dropped"));
    }

    private static async Task<FirewallRules> RulesAsync(CancellationToken cancellation)
    {
        var nft = new ProgramRun("nft", ["--json", "list", "ruleset"], Limit) { Package = "nftables" };
        return FirewallRules.Read(Encoding.UTF8.GetString(await nft.OutputAsync(cancellation)));
    }
}
