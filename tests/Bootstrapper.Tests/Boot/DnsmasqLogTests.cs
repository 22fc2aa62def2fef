using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Inventory;
using Bootstrapper.Tests.Support;

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
        Assert.Equal(0, _fixture.Timeline.LastId);
    }

    private void Read(string lines)
    {
        var log = new DnsmasqLog(
            _fixture.Bsroot,
            _fixture.Inventory,
            _fixture.Timeline,
            address => address.ToString() == "10.77.0.30" ? _mac : null);
        foreach (var line in lines.Split('\n'))
        {
            log.Read(line);
        }
    }
}
