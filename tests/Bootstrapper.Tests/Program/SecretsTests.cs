using System.Net;
using System.Net.Http.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// Who is given a node's private key, on a real network: each machine has a network card of its own, as in a rack.
/// </summary>
public sealed partial class SecretsTests : RackTests
{
    private const string Guarded = "secrets: guarded\nunknown_nodes: discover";

    /// <summary>Where the rack's one card does not answer.</summary>
    private const byte Network = 66;

    private static readonly RackNode Master = new(1) { Network = Network }, Worker = new(2) { Network = Network };
    private static readonly RackNode Leased = new(3, Leased: true), Unknown = new(4) { Network = Network };
    private static readonly MacAddress Foreign = MacAddress.Parse("52:54:00:66:66:01", null);

    [RackFact]
    public async Task A_key_is_given_to_its_node_alone_and_only_until_it_is_installed()
    {
        Rack.Describe([Master], Guarded);
        await using var program = await StartAsync();
        var machine = await MachineAsync(Master.Mac, Master.Address);
        var neighbour = await MachineAsync(Foreign, IPAddress.Parse("10.77.67.1"));

        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(machine, Master, Master.Address));
        await program.SaysAsync(
            $"{Master.HostName}: given /tls/{Master.Mac}/node-key.pem to {Master.Address}, card {Master.Mac}");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(neighbour, Master, IPAddress.Parse("10.77.67.1")));
        await program.SaysAsync($"Denied /tls/{Master.Mac}/node-key.pem of {Master.HostName} to 10.77.67.1");

        await ReportAsync(machine, Master, Master.Address, "installing", "installed");

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));
        await OnTrailAsync(Master, $"given /tls/{Master.Mac}/node-key.pem to {Master.Address}, card {Master.Mac}");
    }

    [RackFact]
    public async Task An_unknown_machine_is_given_nothing()
    {
        Rack.Describe([Master], Guarded);
        await using var program = await StartAsync();
        var machine = await MachineAsync(Unknown.Mac, Unknown.Address);

        Assert.Equal(HttpStatusCode.NotFound, await AskForKeyAsync(machine, Unknown, Unknown.Address));
    }

    /// <summary>Whoever takes an address still speaks from its own card.</summary>
    [RackFact]
    public async Task An_address_that_was_taken_gives_nothing_and_reports_nothing()
    {
        Rack.Describe([Master, Worker], Guarded);
        await using var program = await StartAsync();
        var worker = await MachineAsync(Worker.Mac, Master.Address);

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(worker, Master, Master.Address));
        await program.SaysAsync($"which is {Worker.HostName}'s");
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(worker, Master, Master.Address, "state=installed"));
        await worker.IpAsync($"address delete {Master.Address}/16 dev eth0");
        await Rack.Server.IpAsync("neighbour flush dev eth0");

        var foreign = await MachineAsync(Foreign, Master.Address);
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(foreign, Master, Master.Address));
        await program.SaysAsync($"node accept-card {Master.HostName} {Foreign}");
        Assert.Equal(HttpStatusCode.Forbidden, await TellCardsAsync(foreign, Master, Master.Address, Foreign));
    }

    /// <summary>A DHCP request may name any card; the wire shows which one speaks.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task A_lease_alone_does_not_make_its_address_the_nodes(string server)
    {
        Rack.Describe([Master, Leased], $"{Guarded}\ndhcp_server: {server}");
        await using var program = await StartAsync();
        var machine = await Rack.PlugInAsync(Leased.Mac);
        var address = await DhcpClient.LeaseAsync(machine);
        var foreign = await MachineAsync(Foreign, address);
        await Rack.Server.IpAsync($"neighbour flush to {address}");

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(foreign, Leased, address));

        await foreign.IpAsync($"address delete {address}/16 dev eth0");
        await Rack.Server.IpAsync($"neighbour flush to {address}");
        await machine.IpAsync($"address add {address}/16 dev eth0");
        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(machine, Leased, address));
    }

    /// <summary>A card that a node claims is nobody's before an operator has accepted it.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task A_claimed_card_waits_for_an_operator(string server)
    {
        Rack.Describe([Master, Leased], $"{Guarded}\ndhcp_server: {server}");
        await using var program = await StartAsync();
        var first = await Rack.PlugInAsync(Leased.Mac);
        var address = await DhcpClient.LeaseAsync(first);
        await first.IpAsync($"address add {address}/16 dev eth0");
        Assert.Equal(HttpStatusCode.NoContent, await TellCardsAsync(first, Leased, address, Foreign));
        var second = await Rack.PlugInAsync(Foreign);
        var other = await DhcpClient.LeaseAsync(second);
        await second.IpAsync($"address add {other}/16 dev eth0");

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(second, Leased, other));
        var shown = await NodeAsync("show", Leased.HostName);
        Assert.Contains(
            Foreign.ToString(),
            shown[shown.IndexOf("claimedCards:", StringComparison.Ordinal)..][..60],
            StringComparison.Ordinal);

        await NodeAsync("accept-card", Leased.HostName, Foreign.ToString(), "--reason", "its second card");

        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(second, Leased, other));
        await OnTrailAsync(Leased, $"card {Foreign} accepted");
        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => NodeAsync("accept-card", Leased.HostName, Master.Mac.ToString()));
        Assert.Contains($"belongs to {Master.HostName}", refused.Message, StringComparison.Ordinal);
    }

    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task An_armed_machine_that_still_runs_is_given_nothing_before_it_boots(string server)
    {
        Rack.Describe([Master], $"{Guarded}\ndhcp_server: {server}");
        await using var program = await StartAsync();
        var machine = await MachineAsync(Master.Mac, Master.Address);
        await ReportAsync(machine, Master, Master.Address, "installing", "installed", "running");
        await NodeAsync("reinstall", Master.HostName, "--reason", "a new release");

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));
        await program.SaysAsync("has not booted from the network since");
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync(machine, Master, Master.Address, "state=installing&disk=precious"));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync(machine, Master, Master.Address, "state=failed&message=x"));

        await DhcpClient.LeaseAsync(machine); // as the installed system renews its lease
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(machine, Master, Master.Address));

        await DhcpClient.LeaseAsync(machine, DhcpClient.Firmware);
        await Eventually.True(async () => await AskForKeyAsync(machine, Master, Master.Address) == HttpStatusCode.OK);
        await OnTrailAsync(Master, "booted from the network");
    }

    [RackFact]
    public async Task A_node_whose_record_is_lost_is_left_alone()
    {
        Rack.Describe([Master], Guarded);
        await using (var program = await StartAsync())
        {
            var machine = await MachineAsync(Master.Mac, Master.Address);
            Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(machine, Master, Master.Address));
            await ReportAsync(machine, Master, Master.Address, "installing", "installed", "running");
            Assert.Equal(0, await program.TerminateAsync());
        }

        File.Delete(Path.Combine(Rack.Bsroot.Inventory, $"{Master.Mac.ToHyphenated()}.json"));

        await using var again = await StartAsync();
        Assert.Contains("its record is lost", await NodeAsync("show", Master.HostName), StringComparison.Ordinal);
        using var client = Rack.From(Rack.Stranger);
        Assert.Contains(
            "booting from the local disk",
            await client.GetStringAsync($"ipxe?mac={Master.Mac}", Cancellation),
            StringComparison.OrdinalIgnoreCase);
    }

    private Task OnTrailAsync(RackNode node, string title) =>
        Eventually.True(() => AuditLog.Read(Rack.Bsroot)[node.HostName].Contains(title, StringComparer.Ordinal));

    private async Task<NetworkNamespace> MachineAsync(MacAddress card, IPAddress address)
    {
        var machine = await Rack.PlugInAsync(card);
        await machine.IpAsync($"address add {address}/16 dev eth0");
        return machine;
    }

    private static async Task<HttpStatusCode> AskForKeyAsync(NetworkNamespace from, RackNode node, IPAddress asker)
    {
        using var client = from.Client(asker, Rack.Url);
        using var answer = await client.GetAsync(new Uri($"tls/{node.Mac}/node-key.pem", UriKind.Relative), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(answer.StatusCode == HttpStatusCode.OK, text.Contains("PRIVATE KEY", StringComparison.Ordinal));
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> TellCardsAsync(
        NetworkNamespace from, RackNode node, IPAddress asker, params MacAddress[] others)
    {
        using var client = from.Client(asker, Rack.Url);
        using var answer = await client.PostAsJsonAsync(
            $"api/v1/report/{node.Mac}/facts",
            new
            {
                cpus = 4,
                memory = 1,
                disks = Array.Empty<object>(),
                nics = others.Prepend(node.Mac).Select(card => new { name = "eth", mac = card.ToString(), link = true }),
            },
            Cancellation);
        return answer.StatusCode;
    }

    private static async Task ReportAsync(NetworkNamespace from, RackNode node, IPAddress asker, params string[] states)
    {
        foreach (var state in states)
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync(from, node, asker, $"state={state}"));
        }
    }

    private static async Task<HttpStatusCode> PostAsync(NetworkNamespace from, RackNode node, IPAddress asker, string form)
    {
        using var client = from.Client(asker, Rack.Url);
        using var content = new StringContent(form);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var answer = await client.PostAsync(new Uri($"api/v1/report/{node.Mac}", UriKind.Relative), content, Cancellation);
        return answer.StatusCode;
    }

    /// <summary>As the operator on the server asks.</summary>
    private Task<string> NodeAsync(params string[] arguments) =>
        Tool.OutputOfAsync(Rack.Server.Command(RunningProgram.FileName, ["node", .. arguments, "--bsroot", Rack.Bsroot.Root]));
}
