using System.CommandLine;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper unknown</c></summary>
internal static class UnknownCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("unknown", """
            Lists unknown machines that asked for an address, ready to paste.

            Each gets a free address outside the DHCP range: as an entry of 'nodes' or, where the data root has a
            pxe_hosts.json, as an entry of its 'hosts'.
            """) { bsroot, OutputFormat.OfFindings };
        command.SetAction(parsed =>
            Run(parsed, parsed.Bsroot(bsroot)));
        return command;
    }

    private static int Run(ParseResult parsed, Bsroot bsroot)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, parsed.InvocationConfiguration.Error);
        if (snapshot is null)
        {
            return exitCode;
        }

        var seen = new LeaseFile(bsroot.DnsmasqLeases, TimeProvider.System).Current()
            .OrderBy(lease => lease.Address.ToNumber()).Where(lease => snapshot.Nodes.Find(lease.Mac) is null);
        var entries = seen.GroupBy(lease => snapshot.Cluster.NetworkOf(lease.Address) ?? snapshot.Cluster.Network)
            .SelectMany(of => of.Zip(Free(snapshot.Cluster, of.Key), (lease, address) => new UnknownMachine(lease.Mac, address)))
            .ToList();
        if (!OutputFormat.OfFindings.WriteForPrograms(parsed, entries))
        {
            entries.ForEach(entry => parsed.InvocationConfiguration.Output.WriteLine(
                File.Exists(bsroot.PxeHosts) ? entry.AsHost(snapshot.Cluster.Os.Channel) : entry.AsNode()));
        }

        return exitCode;
    }

    /// <summary>Addresses of a network that a node may have and none has, the lowest first.</summary>
    private static IEnumerable<IPAddress> Free(ClusterDescription cluster, Network network)
    {
        var taken = cluster.Nodes.Select(node => node.Ip).Concat(network.Routers).Concat(cluster.OwnAddresses)
            .Append(network.Broadcast).ToHashSet();
        for (var number = network.Subnet.BaseAddress.ToNumber() + 1; number < network.Subnet.Last().ToNumber(); number++)
        {
            var address = Ipv4.ToAddress(number);
            if (!taken.Contains(address) && network.Range?.Contains(address) != true)
            {
                yield return address;
            }
        }
    }
}

/// <param name="Ip">A free one that it may have.</param>
internal sealed record UnknownMachine(MacAddress Mac, IPAddress Ip)
{
    /// <summary>An entry of <c>nodes</c>.</summary>
    public string AsNode() => $$"""  - { mac: "{{Mac}}", ip: {{Ip}} }""";

    /// <summary>An entry of <c>hosts</c> in pxe_hosts.json.</summary>
    public string AsHost(string channel) =>
        $$"""    "{{Ip}}": { "macaddr": "{{Mac}}", "$hostname": "{{Mac.ToHyphenated()}}", "channel": "{{channel}}" },""";
}
