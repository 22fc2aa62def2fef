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
        await Support.Eventually.True(async () =>
            (await LoadAsync(BootFile)).Contains($"\nSAY {Node.HostName} is waiting: ", StringComparison.Ordinal));
        Assert.Contains(
            $"\nPROMPT 1\nTIMEOUT 6000\nDEFAULT again\nLABEL again\n  CONFIG {BootFile}\n",
            await LoadAsync(BootFile),
            StringComparison.Ordinal);

        await ReportAsync("installing");
        Assert.Contains("\nDEFAULT network\n", await LoadAsync(BootFile), StringComparison.Ordinal);
    }

    private Task<string> LoadAsync(string file) =>
        Rack.Machines.OutputOfAsync(
            "curl", "--silent", "--show-error", "--interface", Node.Address.ToString(), $"tftp://{Rack.ServerAddress}/{file}");

    private async Task ReportAsync(string state)
    {
        using var client = Rack.From(Node.Address);
        using var content = new StringContent($"state={state}", null, "application/x-www-form-urlencoded");
        using var answer = await client.PostAsync(new Uri($"api/v1/report/{Node.Mac}", UriKind.Relative), content, Cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
