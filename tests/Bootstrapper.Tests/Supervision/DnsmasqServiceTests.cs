using System.Net;
using System.Net.Sockets;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

/// <summary>With the real dnsmasq, as root with few capabilities.</summary>
public sealed class DnsmasqServiceTests : SupervisionFixture
{
    private readonly IPEndPoint _dns = FreePort();

    private string Hosts => Bsroot.At("dnsmasq/hosts");

    [Fact(SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    public async Task It_reads_its_hosts_again_when_they_change_and_stops_when_asked()
    {
        var supervisor = await RunAsync(Conf());
        await ReachesAsync(supervisor, ServiceState.Ready);
        await SaysAsync($"read {Hosts} - 1 names");

        Bsroot.Write(Hosts, "10.0.0.1 node1\n10.0.0.2 node2\n");
        supervisor.RequestReload();

        await SaysAsync($"read {Hosts} - 2 names");
        await supervisor.StopAsync();
        Assert.Equal((0, 0), (supervisor.Status.LastExitCode, supervisor.Status.Restarts));
        await SaysAsync("exiting on receipt of SIGTERM");
    }

    [Fact(SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    public async Task A_wrong_configuration_is_called_one()
    {
        var supervisor = await RunAsync("no-such-option\n");
        await Eventually.True(() => supervisor.Status.LastExitCode == 1);
        Assert.Contains($"bad option at line 1 of {Bsroot.DnsmasqConf}", supervisor.Status.LastError);
        await SaysAsync("dnsmasq ended with code 1: its configuration is invalid");
    }

    [Fact(SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    public async Task An_address_in_use_is_called_a_matter_of_the_network_and_never_ready()
    {
        using var other = new TcpListener(_dns);
        other.Start();
        var supervisor = await RunAsync(Conf());
        await SaysAsync("dnsmasq ended with code 2: the network does not match its configuration");
        Assert.False(supervisor.FirstReady.IsCompleted);
    }

    private async Task<Supervisor> RunAsync(string conf)
    {
        Bsroot.Write(Hosts, "10.0.0.1 node1\n");
        Bsroot.Write(Bsroot.DnsmasqConf, conf);
        var supervisor = Supervise(DnsmasqService.Spec(Bsroot, token => DnsmasqProbe.AnswersAsync(_dns, token)));
        supervisor.Start();
        await Eventually.True(() => supervisor.Status.State != ServiceState.Stopped);
        return supervisor;
    }

    private string Conf() => $"""
        port={_dns.Port}
        listen-address={_dns.Address}
        bind-interfaces
        no-resolv
        no-hosts
        addn-hosts={Hosts}
        pid-file={Bsroot.At("dnsmasq/pid")}

        """;

    private Task SaysAsync(string text) =>
        Eventually.True(() =>
            Loggers.Entries.Any(entry => entry.Category == "dnsmasq" && entry.Message.Contains(text, StringComparison.Ordinal)));
}
