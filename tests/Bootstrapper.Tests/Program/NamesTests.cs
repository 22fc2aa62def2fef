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

        var answer = await Rack.Machines.OutputOfAsync(
            "busybox", "nslookup", $"kubernetes.{Rack.Domain}", $"{Rack.ServerAddress}");

        Assert.Contains($"Address: {leased}\n", answer, StringComparison.Ordinal);
    }
}
