using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Matchbox;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serilog;

namespace Bootstrapper.Tests.Boot;

/// <summary>What follows from lines that Debian's dnsmasq 2.90 wrote: node 1 is at 127.0.0.2.</summary>
public sealed class BootWatchTests : IDisposable
{
    private const string Firmware = "52:54:00:00:00:01";

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.Zero));
    private readonly LogMemory _log = new();
    private readonly ServiceProvider _parts;

    public BootWatchTests()
    {
        var bsroot = new Bsroot(_directory.Path);
        _parts = new ServiceCollection()
            .AddLogging(logging => logging.AddSerilog(new LoggerConfiguration().WriteTo.Sink(_log).CreateLogger()))
            .AddSingleton(bsroot)
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton(new CurrentSnapshot(new Snapshot(Sample.Cluster(), bsroot, TemplateSet.Of([]))))
            .AddSingleton(new InventoryFiles(bsroot.Inventory))
            .AddSingleton(new Timeline([], _clock)).AddSingleton<BackgroundHealth>()
            .AddSingleton<AuditTrail>().AddSingleton<Identities>()
                .AddSingleton<BootAttempts>()
                .AddSingleton<CurrentMatchbox>()
                .AddSingleton<MachineFit>()
                .AddSingleton<BootOrders>()
                .AddSingleton<BootRequests>()
                .AddSingleton<BootFiles>()
                .AddSingleton<Action<Node?, NodeRecord>>(parts => parts.GetRequiredService<BootFiles>().Write)
                .AddSingleton<Func<MacAddress, bool>>(static _ => false)
                .AddSingleton<NodeInventory>()
                .AddSingleton<Strangers>()
                .AddSingleton(parts => new DeclinedAddresses(
                    parts.GetRequiredService<CurrentSnapshot>(),
                    static () => { },
                    parts.GetRequiredService<BackgroundHealth>(),
                    _clock,
                    NullLogger<DeclinedAddresses>.Instance))
                    .AddSingleton(new LeaseFile(bsroot.DnsmasqLeases, _clock))
                    .AddSingleton(new NeighbourTable(query: null, Neighbours(atNode: Firmware))).AddSingleton<MachineAddresses>()
                        .AddSingleton<BootWatch>().AddSingleton<SightingRecord>()
                        .AddSingleton(new UnansweredCards(_clock)).AddSingleton<DnsmasqListener>()
                        .BuildServiceProvider();
    }

    private string BootFile => File.ReadAllText(_parts.GetRequiredService<Bsroot>().At(Bsroot.PxelinuxFile(Sample.Node().Mac)));

    public void Dispose()
    {
        _parts.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_kernel_that_does_not_arrive_is_told_of_for_ten_minutes()
    {
        HearFirmware();
        Hear("dnsmasq-tftp", "failed sending @/os/stable/current/k to 127.0.0.2");
        Assert.Contains(
            "SAY n1 is waiting: os/stable/current/k could not be sent to it over TFTP", BootFile, StringComparison.Ordinal);

        _clock.Advance(BootTrail.Window);
        await Eventually.True(
            () => BootFile.Contains("DEFAULT network", StringComparison.Ordinal),
            () => string.Join("\n", _log.Lines.Append(BootFile)));
    }

    /// <summary>One datagram in the node's name makes dnsmasq say that.</summary>
    [Fact]
    public void What_is_asked_for_in_its_name_while_it_is_off_or_runs_does_not_make_it_wait()
    {
        Hear("dnsmasq-tftp", "failed sending @/os/stable/current/k to 127.0.0.2");
        Assert.Null(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));

        HearFirmware();
        _clock.Advance(BootTrail.Window);
        Hear("dnsmasq-dhcp", "99 vendor class: udhcp 1.35.0");
        Hear("dnsmasq-dhcp", $"99 DHCPDISCOVER(eth0) {Firmware} ");
        Hear("dnsmasq-tftp", "failed sending @/os/stable/current/k to 127.0.0.2");
        Assert.Null(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));
    }

    /// <summary>Some firmware says its processor in an option that the log does not have, and nothing else.</summary>
    [Fact]
    public void Firmware_without_a_vendor_class_is_told_by_the_loader_that_it_is_offered()
    {
        Hear("dnsmasq-dhcp", $"7 DHCPDISCOVER(eth0) {Firmware} ");
        Hear("dnsmasq-dhcp", $"7 DHCPOFFER(eth0) 127.0.0.2 {Firmware} ");
        Hear("dnsmasq-tftp", "failed sending @/os/stable/current/k to 127.0.0.2");
        Assert.Null(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));

        Hear("dnsmasq-dhcp", $"8 DHCPOFFER(eth0) 127.0.0.2 {Firmware} ");
        Hear("dnsmasq-dhcp", "8 bootfile name: snponly.efi");
        Hear("dnsmasq-tftp", "failed sending @/os/stable/current/k to 127.0.0.2");
        Assert.NotNull(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));
    }

    /// <summary>TFTP does not say who asks, and whoever takes an address still speaks from its own card.</summary>
    [Theory]
    [InlineData(Firmware, true)]
    [InlineData("52:54:00:66:66:01", false)]
    [InlineData("52:54:00:00:00:02", false)]
    public void A_boot_file_counts_that_its_own_card_loads_and_brings_it_on(string card, bool counts)
    {
        Neighbours(atNode: card);
        _parts.GetRequiredService<NodeInventory>().WriteBootFiles([Sample.Node()]);
        for (var time = 0; time < BootTrail.MostAnswers; time++)
        {
            Hear("dnsmasq-tftp", $"sent @/{Bsroot.PxelinuxFile(Sample.Node().Mac)["tftpboot/".Length..]} to 127.0.0.2");
        }

        Assert.Equal(counts, _parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac) is not null);
        Assert.Equal(
            counts ? BootStage.Script : BootStage.None,
            _parts.GetRequiredService<Timeline>().Of(Sample.Node().Mac).Last(seen => seen.Kind == EventKind.Tftp).Stage);
    }

    [Fact]
    public void However_a_file_is_spelled_it_is_one()
    {
        HearFirmware();
        foreach (var file in new[] { "os/./k", "os//k", "./os/k", "os/x/../k", "os/k" })
        {
            Hear("dnsmasq-tftp", $"failed sending @/{file} to 127.0.0.2");
        }

        Hear("dnsmasq-tftp", "sent @/os/k to 127.0.0.2");
        Assert.Null(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));
    }

    [Theory]
    [InlineData("failed sending")]
    [InlineData("sent")]
    public void A_size_that_was_asked_for_is_no_transfer(string end)
    {
        HearFirmware();
        Hear("dnsmasq-tftp", "error 8 User aborted the transfer received from 127.0.0.2");
        Hear("dnsmasq-tftp", $"{end} @/os/stable/current/k to 127.0.0.2");
        Assert.Null(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));

        Hear("dnsmasq-tftp", "failed sending @/os/stable/current/k to 127.0.0.2");
        Assert.NotNull(_parts.GetRequiredService<BootAttempts>().WaitOf(Sample.Node().Mac));
    }

    [Theory]
    [InlineData(7, "undionly.kpxe", true)]
    [InlineData(7, "pxelinux.0", true)]
    [InlineData(0, "snponly.efi", true)]
    [InlineData(11, "snponly.efi", true)]
    [InlineData(9, "grubnetx64.efi", false)]
    [InlineData(0, "undionly.kpxe", false)]
    [InlineData(0, "ldlinux.c32", false)]
    public void A_loader_for_other_firmware_is_pointed_out(int architecture, string loader, bool isWrong)
    {
        Hear("dnsmasq-dhcp", $"304544267 vendor class: PXEClient:Arch:{architecture:d5}:UNDI:002001");
        Hear("dnsmasq-dhcp", $"304544267 DHCPDISCOVER(eth0) {Firmware} ");
        Hear("dnsmasq-dhcp", "99 vendor class: udhcp 1.35.0");
        Hear("dnsmasq-dhcp", $"99 DHCPACK(eth0) 127.0.0.2 {Firmware} n1");
        Hear("dnsmasq-tftp", $"sent @/{loader} to 127.0.0.2");
        Assert.Equal(isWrong, _log.Lines.Any(line =>
            line.Contains($"loads \"{loader}\", which its firmware cannot start", StringComparison.Ordinal)));
    }

    /// <summary>What the kernel shows at the node's address.</summary>
    private string Neighbours(string atNode) => _directory.Write("arp", $"""
        IP address       HW type     Flags       HW address            Mask     Device
        127.0.0.2        0x1         0x2         {atNode}     *        eth0

        """);

    private void HearFirmware()
    {
        Hear("dnsmasq-dhcp", "304544267 vendor class: PXEClient:Arch:00000:UNDI:002001");
        Hear("dnsmasq-dhcp", $"304544267 DHCPDISCOVER(eth0) {Firmware} ");
    }

    private void Hear(string who, string what) => _parts.GetRequiredService<DnsmasqListener>()
        .Hear($"{who}[7]: {what.Replace("@", new Bsroot(_directory.Path).TftpRoot, StringComparison.Ordinal)}");
}
