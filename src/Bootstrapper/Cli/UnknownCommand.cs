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
            """) { bsroot };
        command.SetAction(parsed =>
            Run(parsed.Bsroot(bsroot), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(Bsroot bsroot, TextWriter output, TextWriter error)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        if (snapshot is null)
        {
            return exitCode;
        }

        var seen = new LeaseFile(bsroot.DnsmasqLeases, TimeProvider.System).Current()
            .OrderBy(lease => lease.Address.ToNumber()).Select(lease => lease.Mac).Where(mac => snapshot.Nodes.Find(mac) is null);
        foreach (var (mac, address) in seen.Zip(Free(snapshot.Cluster)))
        {
            var channel = snapshot.Cluster.Os.Channel;
            var host = $$"""{ "macaddr": "{{mac}}", "$hostname": "{{mac.ToHyphenated()}}", "channel": "{{channel}}" }""";
            output.WriteLine(File.Exists(bsroot.PxeHosts)
                ? $"""    "{address}": {host},"""
                : $$"""  - { mac: "{{mac}}", ip: {{address}} }""");
        }

        return exitCode;
    }

    /// <summary>Addresses that a node may have and none has, the lowest first.</summary>
    private static IEnumerable<IPAddress> Free(ClusterDescription cluster)
    {
        var taken = cluster.Nodes.Select(node => node.Ip).Concat(cluster.Network.Routers)
            .Append(cluster.Bootstrapper).Append(cluster.Network.Broadcast).ToHashSet();
        for (var number = cluster.Network.Subnet.BaseAddress.ToNumber()
            + 1; number < cluster.Network.Subnet.Last().ToNumber(); number++)
        {
            var address = Ipv4.ToAddress(number);
            if (!taken.Contains(address) && cluster.Dhcp.Range?.Contains(address) != true)
            {
                yield return address;
            }
        }
    }
}
