namespace Bootstrapper.Tests.Program;

/// <summary>What machines are told when they ask our DNS.</summary>
public sealed class NamesTests : RackTests
{
    private static readonly RackNode Master = new(1, Leased: true), Worker = new(2);

    [RackFact]
    public async Task The_name_of_the_API_server_leads_to_a_control_plane_that_has_its_address_from_a_lease()
    {
        Rack.Describe([Master, Worker]);
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        Assert.Contains($"Address: {leased}\n", await AskAsync($"kubernetes.{Rack.Domain}"), StringComparison.Ordinal);
    }

    /// <summary>dnsmasq, which answers, sees at once in a file who has which address.</summary>
    [RackFact]
    public async Task So_does_it_where_our_own_server_gave_the_address()
    {
        Rack.Describe([Master, Worker], "dhcp_server: built-in\n");
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        await Support.Eventually.True(async () => (await AskAsync($"kubernetes.{Rack.Domain}"))
            .Contains($"Address: {leased}\n", StringComparison.Ordinal));
        Assert.Contains(Master.HostName, await AskAsync($"{leased}"), StringComparison.Ordinal);
    }

    /// <summary>dnsmasq puts the domain behind names of hosts, and not behind the other names of one.</summary>
    [RackFact]
    public async Task A_short_name_of_the_API_server_leads_there_with_the_domain_and_without()
    {
        Rack.Describe([Master, Worker], "kubernetes: {api_endpoint: api}\n");
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        Assert.Contains($"Address: {leased}\n", await AskAsync("api"), StringComparison.Ordinal);
        Assert.Contains($"Address: {leased}\n", await AskAsync($"api.{Rack.Domain}"), StringComparison.Ordinal);
    }

    /// <summary>To dnsmasq, a name that stands for itself is a mistake at which it ends.</summary>
    [RackFact]
    public async Task The_only_control_plane_may_have_the_name_of_the_API_server()
    {
        Rack.Describe([Master, Worker], $"kubernetes: {{api_endpoint: {Master.HostName}}}\n");
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        Assert.Contains($"Address: {leased}\n", await AskAsync($"{Master.HostName}.{Rack.Domain}"), StringComparison.Ordinal);
    }

    private Task<string> AskAsync(string name) =>
        Rack.Machines.OutputOfAsync("busybox", "nslookup", name, $"{Rack.ServerAddress}");
}
