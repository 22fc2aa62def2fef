using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// A node of the description, with a fixed address in <see cref="Rack.Nodes"/> unless it is to have a leased one.
/// </summary>
/// <param name="Number">From 1 to 250.</param>
internal sealed record RackNode(int Number, bool Leased = false)
{
    public MacAddress Mac => new(0x525400770000UL + (ulong)Number);

    public string HostName => string.Create(CultureInfo.InvariantCulture, $"node-{Number}");

    /// <summary>Third octet of its address: <see cref="Rack.Nodes"/>, unless a machine of its own is plugged in for it.</summary>
    public byte Network { get; init; } = 64;

    public IPAddress Address => new([10, 77, Network, (byte)Number]);

    /// <summary>As it stands in cluster-desc.yml.</summary>
    public string Yaml => $"  - {{ mac: \"{Mac}\", hostname: {HostName}{(Leased ? "" : $", ip: {Address}")}{Roles} }}\n";

    private string Roles => Number == 1 ? ", kube_master: y, etcd_member: y" : "";
}
