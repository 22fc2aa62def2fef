using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Doctor;

/// <summary>An address of ours, or one that a node is to have, at somebody else's.</summary>
internal static class DuplicateAddresses
{
    public const string Name = "duplicate addresses";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(Patient patient, CancellationToken cancellation)
    {
        if (patient.Interface is not { } serving
            || Find(serving) is not { NetworkInterfaceType: not NetworkInterfaceType.Loopback } on)
        {
            return [];
        }

        try
        {
            var nodes = patient.Cluster.Nodes.Where(node => node.Ip is not null).ToDictionary(node => node.Ip!);
            var holders = await ArpProbe.HoldersAsync(on, nodes.Keys.Prepend(patient.Cluster.Bootstrapper), cancellation);
            var ill = holders.SelectMany(holder => Judge(holder, nodes.GetValueOrDefault(holder.Key), patient.Cluster)).ToList();
            return ill.Count == 0 ? [Finding.Good(Name, $"none on {serving.Name}")] : ill;
        }
        catch (SocketException e)
        {
            return [Finding.Warning(
                Name, $"cannot ask on {serving.Name}: {e.Message}", "run the doctor as root, or with CAP_NET_RAW")];
        }
    }

    private static NetworkInterface? Find(LocalInterface local) =>
        NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(candidate => candidate.Name == local.Name);

    private static IEnumerable<Finding> Judge(
        IGrouping<IPAddress, PhysicalAddress> holders, Node? node, ClusterDescription cluster) =>
        from holder in holders
        let mac = MacAddress.Parse(BitConverter.ToString(holder.GetAddressBytes()), null)
        where holders.Key.Equals(cluster.Bootstrapper) || (node is not null && mac != node.Mac)
        select node is null
            ? Finding.Error(Name, $"{mac} has {holders.Key} too, the bootstrapper's own address", "give that machine another "
                + "address")
            : Finding.Error(Name, $"{mac} has {holders.Key}, the address of {node.HostName} ({node.Mac})", $"give that "
                + $"machine another address, or {node.HostName} another ip");
}
