using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>Cards and addresses that are somebody's, and not those of the node that is asked for.</summary>
public sealed partial class SecretsTests
{
    /// <summary>Also where the address alone decides about cards that nobody knows.</summary>
    [RackFact]
    public async Task Another_nodes_second_card_gets_nothing_at_a_nodes_address()
    {
        Rack.Describe([Master, Worker], "secrets: address\nunknown_nodes: discover");
        await using var program = await StartAsync();
        var worker = await MachineAsync(Worker.Mac, Worker.Address);
        Assert.Equal(HttpStatusCode.NoContent, await TellCardsAsync(worker, Worker, Worker.Address, Foreign));
        await NodeAsync("accept-card", Worker.HostName, Foreign.ToString());
        var second = await MachineAsync(Foreign, Master.Address);

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(second, Master, Master.Address));
        await program.SaysAsync($"is at the network card {Foreign}, which is {Worker.HostName}'s");
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(second, Master, Master.Address, "state=installed"));
        Assert.Equal(HttpStatusCode.Forbidden, await TellCardsAsync(second, Master, Master.Address, Foreign));
    }

    /// <summary>Where any machine becomes a node by its facts, those may name any card, UUID and serial number.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task A_machine_that_claims_nodes_in_its_facts_gets_nothing_of_theirs_and_takes_nothing_from_them(string server)
    {
        var uuid = Guid.NewGuid();
        Rack.Describe(
            [Master, Leased],
            $"dhcp_server: {server}\nsecrets: guarded\nunknown_nodes: install\nprofiles: [{{name: any}}]");
        await using var program = await StartAsync();
        var master = await MachineAsync(Master.Mac, Master.Address);
        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(master, Master.Mac, Master.Address, uuid, Master.Mac));
        var claimant = await Rack.PlugInAsync(Foreign);
        var own = await DhcpClient.LeaseAsync(claimant);
        await claimant.IpAsync($"address add {own}/16 dev eth0");

        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(claimant, Foreign, own, uuid, Foreign, Master.Mac, Leased.Mac));
        Assert.Equal(HttpStatusCode.Forbidden, await TellAsync(claimant, Leased.Mac, own, uuid, Leased.Mac, Foreign));

        foreach (var node in new[] { Master, Leased })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(claimant, node, own));
            Assert.Contains(
                $"/install.sh?mac={node.Mac}", await ScriptAsync(master, $"ipxe?mac={node.Mac}"), StringComparison.Ordinal);
        }

        await claimant.IpAsync($"address add {Master.Address}/16 dev eth0");
        await Rack.Server.IpAsync($"neighbour flush to {Master.Address}");
        await master.IpAsync($"address delete {Master.Address}/16 dev eth0");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(claimant, Master, Master.Address));

        await claimant.IpAsync($"address delete {Master.Address}/16 dev eth0");
        await master.IpAsync($"address add {Master.Address}/16 dev eth0");
        await Rack.Server.IpAsync($"neighbour flush to {Master.Address}");
        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(master, Master, Master.Address));
    }

    /// <summary>Pods are on networks of their own. Nor does a node that runs get anything through one of them.</summary>
    [RackFact]
    public async Task A_pods_address_is_not_answered_even_where_the_server_has_a_way_to_it()
    {
        var pod = IPAddress.Parse("10.244.0.9");
        Rack.Describe([Master], Guarded);
        await using var program = await StartAsync();
        var node = await MachineAsync(Master.Mac, Master.Address);
        await node.IpAsync($"address add {pod}/32 dev lo");
        await Rack.Server.IpAsync($"route add 10.244.0.0/24 via {Master.Address}");

        Assert.All([80, 443, 5000], port => Assert.True(IsClosed(node, pod, port), $"{port}"));

        await program.SaysAsync($"Closed a connection of {pod} to port 80 that came in by eth0: it is not from 10.77.0.0/16");
        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(node, Master, Master.Address));
    }

    [RackFact]
    public async Task Behind_a_router_a_machine_is_answered_where_the_subnet_reaches_so_far_and_addresses_decide()
    {
        var far = IPAddress.Parse("10.76.0.9");
        await using var machine = await BehindRouterAsync(far);
        Rack.Describe([Master, Worker], Guarded);
        await using var program = await StartAsync();
        Assert.All([80, 443, 5000], port => Assert.True(IsClosed(machine, far, port), $"{port}"));
        await program.SaysAsync("if it is a machine behind a router, see 'Machines behind a router' in docs/booting.md");

        await DescribeFarAsync(program, far, Guarded);
        await Eventually.True(() => !IsClosed(machine, far, 80)); // what it said may have been of what it read at its start
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Worker, far));
        await program.SaysAsync($"no network card is seen at {far}");

        await DescribeFarAsync(program, far, "secrets: address");
        await Eventually.True(async () => await AskForKeyAsync(machine, Worker, far) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, far));
    }

    /// <summary>A machine at the other end of one with two cards, which forwards.</summary>
    private async Task<NetworkNamespace> BehindRouterAsync(IPAddress address)
    {
        var router = await MachineAsync(Foreign, IPAddress.Parse("10.77.67.1"));
        var machine = await NetworkNamespace.CreateAsync();
        await router.IpAsync($"link add far type veth peer name eth0 netns {machine.Name}");
        await router.IpAsync("address add 10.76.0.1/24 dev far");
        await router.IpAsync("link set far up");
        await router.OutputOfAsync("sysctl", "-qw", "net.ipv4.ip_forward=1");
        await machine.IpAsync($"address add {address}/24 dev eth0");
        await machine.IpAsync("link set eth0 up");
        await machine.IpAsync("route add default via 10.76.0.1");
        await Rack.Server.IpAsync("route add 10.76.0.0/24 via 10.77.67.1");
        return machine;
    }

    /// <summary>One network for both sides of the router, which has a DHCP server of its own.</summary>
    private async Task DescribeFarAsync(RunningProgram program, IPAddress worker, string secrets)
    {
        var before = program.Lines.Count;
        var text = Rack.Description([Master, Worker], $"{secrets}\ndhcp: off")
            .Replace("subnet: 10.77.0.0/16", "subnet: 10.76.0.0/15", StringComparison.Ordinal)
            .Replace($"{Worker.Address}", $"{worker}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Rack.Bsroot.Description, text, Cancellation);
        await Eventually.True(
            () => program.Lines.Skip(before).Any(line =>
                line.Contains("A new description is in force", StringComparison.Ordinal)),
            program.LastLines);
    }

    /// <summary>Whether a connection ends without a byte for us.</summary>
    private static bool IsClosed(NetworkNamespace where, IPAddress from, int port)
    {
        using var socket = where.Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.ReceiveTimeout = socket.SendTimeout = 3000;
        socket.Bind(new IPEndPoint(from, 0));
        try
        {
            socket.Connect(Rack.ServerAddress, port);
            socket.Send(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown;
        }
    }

    private static async Task<string> ScriptAsync(NetworkNamespace machine, string path)
    {
        using var client = machine.Client(Master.Address, Rack.Url);
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);
    }

    private static async Task<HttpStatusCode> TellAsync(
        NetworkNamespace from, MacAddress machine, IPAddress asker, Guid uuid, params MacAddress[] cards)
    {
        using var client = from.Client(asker, Rack.Url);
        using var answer = await client.PostAsJsonAsync(
            $"api/v1/report/{machine}/facts",
            new
            {
                cpus = 4,
                memory = 1,
                uuid,
                serial = "S-MASTER-1",
                disks = Array.Empty<object>(),
                nics = cards.Select(card => new { name = "eth", mac = card.ToString(), link = true }),
            },
            Cancellation);
        return answer.StatusCode;
    }
}
