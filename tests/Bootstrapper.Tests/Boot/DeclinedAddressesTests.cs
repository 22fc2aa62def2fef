using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Boot;

/// <summary>What is done when somebody says that a fixed address is somebody else's.</summary>
public sealed class DeclinedAddressesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly DeclinedAddresses _declined;
    private int _reread;

    public DeclinedAddressesTests() => _declined = new DeclinedAddresses(
        new CurrentSnapshot(new Snapshot(Sample.Cluster(Sample.Node(1)), new Bsroot(_directory.Path), TemplateSet.BuiltIn())),
        () => _reread++,
        _clock);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void However_many_say_so_dnsmasq_reads_its_hosts_once_in_a_while_and_once_after_the_last()
    {
        for (var i = 0; i < 100; i++)
        {
            Hear("DHCPDECLINE", Sample.Node(1).Ip!);
        }

        Assert.Equal(0, _reread);
        _clock.Advance(DeclinedAddresses.Gather);
        Assert.Equal(1, _reread);
        Hear("DHCPDECLINE", Sample.Node(1).Ip!);
        _clock.Advance(DeclinedAddresses.Gather);
        Assert.Equal(2, _reread);
    }

    [Fact]
    public void Other_messages_and_other_addresses_make_it_read_nothing()
    {
        Hear("DHCPDECLINE", IPAddress.Parse("127.0.100.7"));
        Hear("DHCPRELEASE", Sample.Node(1).Ip!);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _reread);
    }

    private void Hear(string message, IPAddress address)
    {
        var log = new DnsmasqLog(_directory.Path);
        _declined.Hear(log.Read($"dnsmasq-dhcp[7]: 240640888 {message}(eth0) {address} 52:54:00:00:ff:01")!);
    }
}
