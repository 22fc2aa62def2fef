using System.Diagnostics;
using System.Text.Json;
using Bootstrapper.Supervision;

namespace Bootstrapper.Doctor;

/// <summary>Whether this host's firewall lets machines reach what they ask. iptables of today writes its rules there too (iptables-nft(8)).</summary>
internal static class Firewall
{
    private const string Name = "firewall";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Patient patient, CancellationToken cancellation)
    {
        if (ProgramPath.Find("nft") is not { } nft)
        {
            return [Finding.Warning(Name, "cannot look: nft is not installed here", "install Debian's nftables, or make sure yourself that nothing is dropped")];
        }

        try
        {
            return patient.Interface is { } serving ? [.. Judge(patient, serving.Name, await RulesAsync(nft, cancellation))] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [Finding.Warning(Name, $"cannot look: {e.Message}", "run the doctor as root, or with CAP_NET_ADMIN")];
        }
    }

    private static IEnumerable<Finding> Judge(Patient patient, string networkInterface, FirewallRules rules)
    {
        var dropped = WantedPort.Of(patient.Cluster).Where(port => rules.Drop(new Request(port, networkInterface, patient.Cluster.Network.Subnet))).ToList();
        return dropped.Count == 0
            ? [Finding.Good(Name, $"drops nothing that machines on {networkInterface} ask")]
            : dropped.Select(port => Finding.Warning(
                Name,
                $"drops what machines on {networkInterface} send to {port}, as far as its rules can be understood",
                $"nft add rule to accept 'iifname \"{networkInterface}\" {port.ProtocolName} dport {port.Number}' before it is dropped"));
    }

    /// <exception cref="InvalidOperationException">nft may not look.</exception>
    private static async Task<FirewallRules> RulesAsync(string program, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, ["--json", "list", "ruleset"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var nft = Process.Start(start)!;
        var complaint = nft.StandardError.ReadToEndAsync(cancellation);
        var rules = await nft.StandardOutput.ReadToEndAsync(cancellation);
        await nft.WaitForExitAsync(cancellation);
        return nft.ExitCode == 0 ? FirewallRules.Read(rules) : throw new InvalidOperationException((await complaint).Split('\n')[0]);
    }
}
