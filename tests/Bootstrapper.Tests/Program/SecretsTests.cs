using System.Net;

namespace Bootstrapper.Tests.Program;

/// <summary>Who is given a node's private key, on a real network.</summary>
public sealed class SecretsTests : RackTests
{
    private static readonly RackNode Fixed = new(1), Leased = new(2, Leased: true), Unknown = new(3);

    [RackFact]
    public async Task A_key_is_given_to_its_node_alone_and_only_until_it_is_installed()
    {
        Rack.Describe([Fixed]);
        await using var program = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(Fixed, Fixed.Address));
        // the rack's one card is at all addresses
        await program.SaysAsync($"/tls/{Fixed.Mac}/node-key.pem of {Fixed.HostName} went to the card");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(Fixed, Rack.Stranger));
        await program.SaysAsync($"Denied /tls/{Fixed.Mac}/node-key.pem of {Fixed.HostName} to {Rack.Stranger}");

        await ReportInstalledAsync(Fixed);

        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(Fixed, Fixed.Address));
        await program.SaysAsync($"Denied /tls/{Fixed.Mac}/node-key.pem of {Fixed.HostName} to {Fixed.Address}");
    }

    [RackFact]
    public async Task An_unknown_machine_is_given_nothing()
    {
        Rack.Describe([Fixed]);
        await using var program = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await AskForKeyAsync(Unknown, Unknown.Address));

        await program.SaysAsync($"{Unknown.Address} GET /tls/{Unknown.Mac}/node-key.pem 404");
    }

    /// <remarks>
    /// The card that asks has another MAC address than the node's, so that the neighbour table says nothing in its favour;
    /// what dnsmasq put there when it gave the lease is taken out.
    /// </remarks>
    [RackFact]
    public async Task A_lease_makes_its_address_the_nodes()
    {
        Rack.Describe([Fixed, Leased]);
        await using var program = await StartAsync();
        var address = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Leased.Mac));
        await Rack.MachinesAnswerForAsync(address.ToString());
        await Rack.Server.IpAsync($"neighbour flush to {address}");
        Assert.Equal(HttpStatusCode.Forbidden, await AskForKeyAsync(Leased, Rack.Stranger));

        Assert.Equal(HttpStatusCode.OK, await AskForKeyAsync(Leased, address));

        await program.SaysAsync($"Gave /tls/{Leased.Mac}/node-key.pem of {Leased.HostName} to {address}");
    }

    private async Task<HttpStatusCode> AskForKeyAsync(RackNode node, IPAddress asker)
    {
        using var client = Rack.From(asker);
        using var answer = await client.GetAsync(new Uri($"tls/{node.Mac}/node-key.pem", UriKind.Relative), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(answer.StatusCode == HttpStatusCode.OK, text.Contains("PRIVATE KEY", StringComparison.Ordinal));
        return answer.StatusCode;
    }

    private async Task ReportInstalledAsync(RackNode node)
    {
        using var machine = new ReportingMachine(node, Rack.From(node.Address));
        await machine.ReportAsync();
        await machine.ReportAsync();
    }
}
