using Bootstrapper.Cli;
using Bootstrapper.Power;
using Bootstrapper.Tests.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>
/// A bootstrapper with three machines, and who types commands: n1 has a BMC with Redfish, n2 one with IPMI, both in rack a4; n3
/// has none, and is in rack b1.
/// </summary>
internal sealed class PowerRack : IAsyncDisposable
{
    private readonly TemporaryDirectory _home = new();

    public RedfishStandIn Redfish { get; private set; } = null!;

    public IpmiSimulator Ipmi { get; private set; } = null!;

    public TestDaemon Daemon { get; private set; } = null!;

    public string Config => Path.Combine(_home.Path, "config.yml");

    public static async Task<PowerRack> StartAsync()
    {
        Assert.SkipUnless(ExternalTools.IpmiPresent, "ipmitool and ipmi_sim are not installed");
        var rack = new PowerRack
        {
            Redfish = await RedfishStandIn.StartAsync(),
            Ipmi = await IpmiSimulator.StartAsync(),
        };
        rack.Daemon = await TestDaemon.StartAsync(
            Sample.Cluster(
                Sample.Node(1) with { Bmc = rack.Redfish.Settings, Labels = In("a4") },
                Sample.Node(2) with { Bmc = rack.Ipmi.Settings with { PasswordFile = "bmc/ipmi.password" }, Labels = In("a4") },
                Sample.Node(3) with { Labels = In("b1") }),
            bsroot =>
            {
                Bsroot.Write(bsroot.At("bmc.password"), RedfishStandIn.Password, Bsroot.SecretFile);
                Bsroot.Write(bsroot.At("bmc/ipmi.password"), IpmiSimulator.Password, Bsroot.SecretFile);
                File.WriteAllText(bsroot.At("bmc.crt"), rack.Redfish.CertificatePem);
                Bsroot.Write(
                    Path.Combine(bsroot.Operators, "otto.operator"), "otto-has-a-long-enough-token\n", Bsroot.SecretFile);
                Bsroot.Write(
                    Path.Combine(bsroot.Operators, "vera.viewer"), "vera-has-a-long-enough-token\n", Bsroot.SecretFile);
            });
        rack._home.Write(
            "config.yml",
            $"server: https://127.0.0.1:{rack.Daemon.HttpsPort}\ntoken: "
                + $"{(await File.ReadAllTextAsync(rack.Daemon.Bsroot.AdminToken)).Trim()}\nca: "
                + $"{rack.Daemon.Bsroot.CaCertificate}\n");
        return rack;
    }

    /// <returns>What it wrote.</returns>
    public async Task<string> GoodAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        return output;
    }

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync([.. arguments, "--config", Config], new() { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>That of n2, opened past the API.</summary>
    public Task<IpmiConsole> ConsoleAsync() => Daemon.Part<Bmcs>().ConsoleAsync(
        Sample.Node(2) with { Bmc = Ipmi.Settings with { PasswordFile = "bmc/ipmi.password" } },
        take: false,
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        await Redfish.DisposeAsync();
        await Ipmi.DisposeAsync();
        _home.Dispose();
    }

    private static Dictionary<string, string> In(string rack) => new(StringComparer.Ordinal) { ["rack"] = rack };
}
