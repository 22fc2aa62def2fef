using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// The server, and at the other end of a cable many machines in one: it answers for every address of
/// <see cref="Nodes"/> and of <see cref="Strangers"/>. Machines with a MAC address of their own are plugged in beside it.
/// </summary>
internal sealed class Rack : IAsyncDisposable
{
    public const string Domain = "rack.test";

    /// <summary>Where nodes with a fixed address have it.</summary>
    public const string Nodes = "10.77.64.0/24";

    /// <summary>Addresses that no node has.</summary>
    public const string Strangers = "10.77.65.0/24";

    private readonly TemporaryDirectory _directory = new();
    private readonly Stack<NetworkNamespace> _plugged = [];

    private Rack(NetworkNamespace server, NetworkNamespace machines)
    {
        Server = server;
        Machines = machines;
    }

    public static IPAddress ServerAddress { get; } = IPAddress.Parse("10.77.0.1");

    public static IPAddress Stranger { get; } = IPAddress.Parse("10.77.65.9");

    /// <summary>A machine on another network of the server's, which the description does not name.</summary>
    public static IPAddress Outside { get; } = IPAddress.Parse("192.0.2.2");

    public static Uri Url { get; } = new($"http://{ServerAddress}");

    public NetworkNamespace Server { get; }

    public NetworkNamespace Machines { get; }

    public Bsroot Bsroot => new(_directory.Path);

    public static async Task<Rack> BuildAsync()
    {
        var rack = new Rack(await NetworkNamespace.CreateAsync(), await NetworkNamespace.CreateAsync());
        await NetworkNamespace.ConnectAsync(rack.Server, $"{ServerAddress}/16", rack.Machines, "10.77.65.1/16");
        foreach (var machine in new[] { rack.Server, rack.Machines })
        {
            // A virtual cable leaves checksums to be filled in, and busybox' DHCP client looks at them.
            await machine.OutputOfAsync("ethtool", "-K", "eth0", "tx", "off");
        }

        await rack.MachinesAnswerForAsync(Nodes);
        await rack.MachinesAnswerForAsync(Strangers);
        rack.Machines.Resolve(ServerAddress, Domain);
        StandInRelease.Put(rack.Bsroot);
        return rack;
    }

    /// <param name="addresses">One address or a whole network.</param>
    public Task MachinesAnswerForAsync(string addresses) => Machines.IpAsync($"route add local {addresses} dev lo");

    /// <summary>A machine with one network card and nothing else: no address yet. It goes with the rack.</summary>
    public async Task<NetworkNamespace> PlugInAsync(MacAddress mac)
    {
        var machine = await NetworkNamespace.CreateAsync();
        _plugged.Push(machine);
        await Machines.IpAsync($"link add {machine.Name} link eth0 address {mac} type macvlan mode bridge");
        await Machines.IpAsync($"link set {machine.Name} netns {machine.Name} name eth0 up");
        return machine;
    }

    /// <summary>
    /// The machine at <see cref="Outside"/>, and the interface <c>uplink</c> of the server that leads to it. It sends to the
    /// server's address on the machines' network, which Linux answers for on every interface.
    /// </summary>
    public async Task<NetworkNamespace> PlugIntoUplinkAsync()
    {
        var outside = await NetworkNamespace.CreateAsync();
        _plugged.Push(outside);
        await Server.IpAsync($"link add uplink type veth peer name eth0 netns {outside.Name}");
        await Server.IpAsync("address add 192.0.2.1/24 dev uplink");
        await Server.IpAsync("link set uplink up");
        await outside.IpAsync($"address add {Outside}/24 dev eth0");
        await outside.IpAsync("link set eth0 up");
        await outside.IpAsync("route add default via 192.0.2.1");
        return outside;
    }

    /// <summary>Writes cluster-desc.yml whole, as an editor that saves beside it and renames.</summary>
    /// <param name="more">Further keys.</param>
    public void Describe(IEnumerable<RackNode> nodes, string more = "")
    {
        var beside = _directory.Write("cluster-desc.yml~", Description(nodes, more));
        File.Move(beside, Bsroot.Description, overwrite: true);
    }

    public static string Description(IEnumerable<RackNode> nodes, string more = "") => $"""
        bootstrapper: {ServerAddress}
        subnet: 10.77.0.0/16
        iplow: 10.77.128.1
        iphigh: 10.77.128.250
        domainname: {Domain}
        {more}
        nodes:
        {string.Concat(nodes.Select(node => node.Yaml))}
        {(more.Contains("secrets:", StringComparison.Ordinal) ? "" : "secrets: address # one card is at all addresses")}
        """;

    /// <summary>A client that speaks from <paramref name="address"/>, one of those that the machines answer for.</summary>
    public HttpClient From(IPAddress address) => Machines.Client(address, Url);

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _plugged)
        {
            await machine.DisposeAsync();
        }

        await Machines.DisposeAsync();
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
