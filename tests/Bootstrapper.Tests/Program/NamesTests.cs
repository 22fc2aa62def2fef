using System.Net;

namespace Bootstrapper.Tests.Program;

/// <summary>What machines are told when they ask our DNS.</summary>
public sealed class NamesTests : RackTests
{
    private static readonly RackNode Master = new(1, Leased: true), Worker = new(2);

    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task The_name_of_the_API_server_leads_to_a_control_plane_that_has_its_address_from_a_lease(string server)
    {
        Rack.Describe([Master, Worker], $"dhcp_server: {server}\n");
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        await LeadsAsync($"kubernetes.{Rack.Domain}", leased);
        Assert.Contains(Master.HostName, await AskAsync($"{leased}"), StringComparison.Ordinal);
    }

    /// <summary>dnsmasq puts the domain behind names of hosts, and not behind the other names of one.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task A_short_name_of_the_API_server_leads_there_with_the_domain_and_without(string server)
    {
        Rack.Describe([Master, Worker], $"kubernetes: {{api_endpoint: api}}\ndhcp_server: {server}\n");
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        await LeadsAsync("api", leased);
        await LeadsAsync($"api.{Rack.Domain}", leased);
    }

    /// <summary>To dnsmasq, a name that stands for itself is a mistake at which it ends.</summary>
    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task The_only_control_plane_may_have_the_name_of_the_API_server(string server)
    {
        Rack.Describe([Master, Worker], $"kubernetes: {{api_endpoint: {Master.HostName}}}\ndhcp_server: {server}\n");
        await using var program = await StartAsync();
        var leased = await DhcpClient.LeaseAsync(await Rack.PlugInAsync(Master.Mac));

        await LeadsAsync($"{Master.HostName}.{Rack.Domain}", leased);
    }

    /// <summary>Where our own server gave the address, dnsmasq, which answers, sees it at once in a file.</summary>
    private Task LeadsAsync(string name, IPAddress address) => Support.Eventually.True(async () =>
        (await AskAsync(name)).Contains($"Address: {address}\n", StringComparison.Ordinal));

    private Task<string> AskAsync(string name) =>
        Rack.Machines.OutputOfAsync("busybox", "nslookup", name, $"{Rack.ServerAddress}");
}
