using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>A machine that boots by pxelinux, which reads a file over TFTP and asks nobody.</summary>
public sealed class BootLoopTests : RackTests
{
    private static readonly RackNode Node = new(1);

    private static string BootFile => Bsroot.PxelinuxFile(Node.Mac)["tftpboot/".Length..];

    [RackFact]
    public async Task The_fifth_time_it_reads_why_it_is_held()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        for (var time = 1; time <= 4; time++)
        {
            Assert.Contains("\nDEFAULT network\n", await LoadAsync(BootFile), StringComparison.Ordinal);
        }

        await program.SaysAsync($"{Node.HostName} is waiting: it was told what to boot 4 times in 10 minutes");
        await Eventually.True(async () =>
            (await LoadAsync(BootFile)).Contains($"\nSAY {Node.HostName} is waiting: ", StringComparison.Ordinal));
        Assert.Contains(
            $"\nPROMPT 1\nTIMEOUT 6000\nDEFAULT again\nLABEL again\n  CONFIG {BootFile}\n",
            await LoadAsync(BootFile),
            StringComparison.Ordinal);

        await ReportAsync("installing");
        Assert.Contains("\nDEFAULT network\n", await LoadAsync(BootFile), StringComparison.Ordinal);
    }

    /// <summary>By TFTP and by HTTP, whoever takes its address asks for itself alone.</summary>
    [RackFact]
    public async Task Another_card_at_its_address_does_not_make_it_wait()
    {
        var node = new RackNode(1) { Network = 66 };
        Rack.Describe([node], "secrets: guarded");
        await using var program = await StartAsync();
        var stranger = await Rack.PlugInAsync(MacAddress.Parse("52:54:00:66:66:01", null));
        await stranger.IpAsync($"address add {node.Address}/16 dev eth0");
        using (var client = stranger.Client(node.Address, Rack.Url))
        {
            for (var time = 0; time <= BootTrail.MostAnswers; time++)
            {
                Assert.Contains("\nDEFAULT network\n", await LoadAsync(stranger, node, BootFile), StringComparison.Ordinal);
                await client.GetStringAsync($"ipxe?mac={node.Mac}", Cancellation);
            }
        }

        await stranger.IpAsync($"address delete {node.Address}/16 dev eth0");
        await Rack.Server.IpAsync("neighbour flush dev eth0");
        var machine = await Rack.PlugInAsync(node.Mac);
        await machine.IpAsync($"address add {node.Address}/16 dev eth0");
        for (var time = 1; time <= BootTrail.MostAnswers; time++)
        {
            Assert.Contains("\nDEFAULT network\n", await LoadAsync(machine, node, BootFile), StringComparison.Ordinal);
        }

        await program.SaysAsync($"{node.HostName} is waiting: it was told what to boot 4 times in 10 minutes");
    }

    private Task<string> LoadAsync(string file) => LoadAsync(Rack.Machines, Node, file);

    private static Task<string> LoadAsync(NetworkNamespace from, RackNode node, string file) => from.OutputOfAsync(
        "curl", "--silent", "--show-error", "--interface", node.Address.ToString(), $"tftp://{Rack.ServerAddress}/{file}");

    private async Task ReportAsync(string state)
    {
        using var client = Rack.From(Node.Address);
        using var content = new StringContent($"state={state}", null, "application/x-www-form-urlencoded");
        using var answer = await client.PostAsync(new Uri($"api/v1/report/{Node.Mac}", UriKind.Relative), content, Cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
