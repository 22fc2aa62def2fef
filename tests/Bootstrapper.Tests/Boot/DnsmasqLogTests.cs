using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Inventory;
using Bootstrapper.Tests.Support;
using FsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Bootstrapper.Tests.Boot;

/// <summary>The lines are those that dnsmasq 2.90 wrote while a machine booted.</summary>
public sealed class DnsmasqLogTests : IAsyncDisposable
{
    private const string Dora = """
        dnsmasq-dhcp[19293]: DHCP, IP range 10.77.0.10 -- 10.77.0.50, lease time 1h
        dnsmasq-dhcp[19293]: 240640888 available DHCP range: 10.77.0.10 -- 10.77.0.50
        dnsmasq-dhcp[19293]: 240640888 vendor class: PXEClient:Arch:00000:UNDI:002001
        dnsmasq-dhcp[19293]: 240640888 DHCPDISCOVER(va) 52:54:00:aa:00:01 
        dnsmasq-dhcp[19293]: 240640888 tags: va
        dnsmasq-dhcp[19293]: 240640888 DHCPOFFER(va) 10.77.0.30 52:54:00:aa:00:01 
        dnsmasq-dhcp[19293]: 240640888 requested options: 1:netmask, 3:router, 6:dns-server, 12:hostname, 
        dnsmasq-dhcp[19293]: 240640888 bootfile name: pxelinux.0
        dnsmasq-dhcp[19293]: 240640888 server name: bootstrapper
        dnsmasq-dhcp[19293]: 240640888 sent size:  4 option: 54 server-identifier  10.77.0.1
        dnsmasq-dhcp[19293]: 240640888 DHCPREQUEST(va) 10.77.0.30 52:54:00:aa:00:01 
        dnsmasq-dhcp[19293]: 240640888 DHCPACK(va) 10.77.0.30 52:54:00:aa:00:01 node-7
        dnsmasq-dhcp[19293]: 240640888 bootfile name: pxelinux.0
        """;

    private readonly InventoryFixture _fixture = new(Sample.Node(1));
    private readonly MacAddress _mac = MacAddress.Parse("52:54:00:aa:00:01", null);

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public void A_machine_that_boots_leaves_its_way_on_the_timeline()
    {
        Read(Dora);
        Assert.Equal(
            [
                "DHCPDISCOVER, PXEClient:Arch:00000:UNDI:002001",
                "DHCPOFFER 10.77.0.30",
                "told to load pxelinux.0",
                "DHCPREQUEST 10.77.0.30",
                "DHCPACK 10.77.0.30 node-7",
            ],
            _fixture.Timeline.Of(_mac).Where(seen => seen.Kind == EventKind.Dhcp).Select(seen => seen.Text));
        Assert.Equal(NodeState.Discovered, _fixture.Inventory.Find(_mac)!.State);
    }

    [Fact]
    public void Files_over_TFTP_are_told_with_their_size_and_files_that_are_missing_by_name()
    {
        var root = _fixture.Bsroot.TftpRoot;
        Bsroot.Write(Path.Combine(root, "pxelinux.0"), new byte[42_000]);
        Read($"""
            dnsmasq-tftp[1]: sent {root}/pxelinux.0 to 10.77.0.30
            dnsmasq-tftp[1]: file {root}/pxelinux.cfg/nothing not found for 10.77.0.30
            dnsmasq-tftp[1]: error 8 User aborted the transfer received from 10.77.0.30
            dnsmasq-tftp[1]: sent {root}/pxelinux.0 to 10.77.0.99
            """);
        Assert.Equal(
            [
                ("sent pxelinux.0 to 10.77.0.30", 42_000),
                ("file pxelinux.cfg/nothing not found for 10.77.0.30", null),
                ("error 8 User aborted the transfer received from 10.77.0.30", (long?)null),
            ],
            _fixture.Timeline.Of(_mac).Where(seen => seen.Kind == EventKind.Tftp).Select(seen => (seen.Text, seen.Bytes)));
    }

    [Theory]
    [InlineData(
        "dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) 52:54:00:aa:00:01 no address available", "DHCPDISCOVER no address available")]
    [InlineData("dnsmasq-dhcp[1]: 7 DHCPNAK(eth0) 10.77.0.9 52:54:00:aa:00:01 wrong network", "DHCPNAK 10.77.0.9 wrong network")]
    [InlineData("dnsmasq-dhcp: 7 PXE(eth0) 10.77.0.30 52:54:00:aa:00:01 proxy", "PXE 10.77.0.30 proxy")]
    public void What_goes_wrong_is_told_in_dnsmasqs_own_words(string line, string expected)
    {
        Read(line);
        Assert.Equal(expected, Assert.Single(_fixture.Timeline.Of(_mac), seen => seen.Kind == EventKind.Dhcp).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dnsmasq[1]: started, version 2.90 DNS disabled")]
    [InlineData("dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) nobody")]
    [InlineData("dnsmasq-dhcp[1]: 7 DHCPDISCOVER(eth0) 02:64:6f:63:74:72 ")]
    public void Other_lines_mean_nothing(string line)
    {
        Read(line);
        Assert.Empty(_fixture.Timeline.Since(position: 0, id: 0).Events);
    }

    /// <summary>A path may have a blank in it, and a machine any number for what went wrong.</summary>
    [Theory]
    [InlineData("sent @/os/a b/vmlinuz to 10.77.0.30", "sent os/a b/vmlinuz to 10.77.0.30", BootStage.Kernel)]
    [InlineData("failed sending @/os/to the/k to 10.77.0.30", "failed sending os/to the/k to 10.77.0.30", BootStage.None)]
    [InlineData("error -8 no to received from 10.77.0.30", "error -8 no to received from 10.77.0.30", BootStage.None)]
    [InlineData(
        "file @/pxelinux.cfg/0A not found for 10.77.0.30", "file pxelinux.cfg/0A not found for 10.77.0.30", BootStage.Script)]
    [InlineData(
        "file @/revocations.efi not found for 10.77.0.30", "file revocations.efi not found for 10.77.0.30", BootStage.Loader)]
    [InlineData("file @/grubx64.efi not found for 10.77.0.30", "file grubx64.efi not found for 10.77.0.30", BootStage.None)]
    public void Whatever_dnsmasq_says_of_a_transfer_is_read_once_for_all(string said, string sentence, object stage)
    {
        var seen = new DnsmasqLog("/root").Read($"dnsmasq-tftp[1]: {said.Replace("@", "/root", StringComparison.Ordinal)}")!;
        Assert.Equal((sentence, (BootStage)stage), (seen.Sentence, seen.Stage));
    }

    [Theory]
    [InlineData("dnsmasq-tftp[7]: TFTP root is /bsroot/tftpboot  ")]
    [InlineData("dnsmasq-tftp[7]: sent /bsroot/tftpboot/x to nobody")]
    [InlineData("dnsmasq-dhcp[7]: 1 sent size: 10 option: 66 tftp-server  10.99.0.1")]
    [InlineData("dnsmasq-dhcp[7]: 1 vendor class: dnsmasq-tftp[7]: sent /bsroot/tftpboot/x to 10.0.0.5")]
    [InlineData("dnsmasq-dhcp[x]: 1 DHCPACK(e) 10.0.0.5 52:54:00:aa:00:01")]
    [InlineData("dnsmasq-dhcp[7]: 1 DHCPACK(e")]
    [InlineData("dnsmasq-dhcp[7]: 1 bootfile name: x")]
    public void What_tells_of_no_machine_is_passed_over(string line) =>
        Assert.Null(new DnsmasqLog("/bsroot/tftpboot").Read(line));

    [Fact]
    public void A_boot_file_tells_whose_it_is() => Assert.Equal(
        "52:54:00:99:00:0a",
        new TransferSighting(System.Net.IPAddress.Loopback, TransferOutcome.Sent, "pxelinux.cfg/01-52-54-00-99-00-0a").BootFileOf
            .ToString());

    [Theory]
    [InlineData("PXEClient:Arch:00007:UNDI:003016", 7)]
    [InlineData("HTTPClient:Arch:00016:UNDI:003001", 16)]
    [InlineData("udhcp 1.35.0", null)]
    [InlineData("PXEClient:Arch:", null)]
    public void Firmware_says_of_what_kind_it_is(string vendorClass, int? architecture) =>
        Assert.Equal(architecture, new DhcpSighting(_mac, "DHCPDISCOVER", null, "", vendorClass).Architecture);

    /// <summary>Whatever machines make dnsmasq write.</summary>
    [Fact]
    public void No_line_ends_the_reading() => FsCheck.Fluent.Prop.ForAll<string>(
        said =>
        {
            var log = new DnsmasqLog("/root");
            foreach (var start in new[] { "dnsmasq-dhcp[1]: 7 ", "dnsmasq-tftp[1]: ",
                "dnsmasq-dhcp: 7 DHCPACK(e) ", "dnsmasq-tftp[1]: sent /", "" })
            {
                log.Read(start + said);
            }
        }).QuickCheckThrowOnFailure();

    private void Read(string lines)
    {
        using var parts = Parts();
        var (log, record) = (new DnsmasqLog(_fixture.Bsroot.TftpRoot), parts.GetRequiredService<SightingRecord>());
        foreach (var line in lines.Split('\n'))
        {
            if (log.Read(line) is { } seen)
            {
                record.Note(seen);
            }
        }
    }

    /// <summary>The machine has a lease for 10.77.0.30.</summary>
    private ServiceProvider Parts()
    {
        Bsroot.Write(
            _fixture.Bsroot.DnsmasqLeases,
            $"{_fixture.Clock.GetUtcNow().ToUnixTimeSeconds() + 3600} {_mac} 10.77.0.30 n 01:{_mac}\n");
        return new ServiceCollection()
            .AddLogging().AddSingleton<TimeProvider>(_fixture.Clock)
            .AddSingleton(_fixture.Bsroot).AddSingleton(_fixture.Current).AddSingleton<Strangers>()
            .AddSingleton(_fixture.Inventory).AddSingleton(_fixture.Timeline)
                .AddSingleton(new LeaseFile(_fixture.Bsroot.DnsmasqLeases, _fixture.Clock))
                .AddSingleton(new NeighbourTable(query: null))
                .AddSingleton<Identities>().AddSingleton<MachineAddresses>().AddSingleton<SightingRecord>()
                .BuildServiceProvider();
    }
}
