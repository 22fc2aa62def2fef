using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Boot;

/// <summary>What is done when somebody says that a fixed address is somebody else's.</summary>
public sealed class DeclinedAddressesTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly BackgroundHealth _health = new();
    private readonly DeclinedAddresses _declined;
    private Exception? _fault;
    private int _reread;

    public DeclinedAddressesTests() => _declined = new DeclinedAddresses(
        new CurrentSnapshot(new Snapshot(Sample.Cluster(Sample.Node(1)), new Bsroot(_directory.Path), TemplateSet.Of([]))),
        Reread,
        _health,
        _clock,
        NullLogger<DeclinedAddresses>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _declined.StartAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _declined.StopAsync(CancellationToken.None);
        _declined.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task However_many_say_so_dnsmasq_reads_its_hosts_once_in_a_while_and_once_after_the_last()
    {
        for (var i = 0; i < 100; i++)
        {
            Hear("DHCPDECLINE", Sample.Node(1).Ip!);
        }

        await GatheringAsync();
        Assert.Equal(0, _reread);
        _clock.Advance(DeclinedAddresses.Gather);
        await Eventually.True(() => _reread == 1);

        Hear("DHCPDECLINE", Sample.Node(1).Ip!);
        await GatheringAsync();
        _clock.Advance(DeclinedAddresses.Gather);
        await Eventually.True(() => _reread == 2);
    }

    [Fact]
    public async Task What_goes_wrong_is_shown_and_tried_again()
    {
        _fault = new InvalidOperationException("no such child");
        Hear("DHCPDECLINE", Sample.Node(1).Ip!);
        await GatheringAsync();
        _clock.Advance(DeclinedAddresses.Gather);
        await Eventually.True(() => _health.Failing is [{ Key: "return of declined addresses", Value: "no such child" }]);

        _fault = null;
        await GatheringAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.True(() => _reread == 2 && _health.Failing.Count == 0);
    }

    [Fact]
    public void Other_messages_and_other_addresses_make_it_read_nothing()
    {
        Hear("DHCPDECLINE", IPAddress.Parse("127.0.100.7"));
        Hear("DHCPRELEASE", Sample.Node(1).Ip!);
        Assert.Equal((0, 0), (_clock.Waiting, _reread));
    }

    private Task GatheringAsync() => Eventually.True(() => _clock.Waiting == 1);

    private void Reread()
    {
        _reread++;
        if (_fault is { } fault)
        {
            throw fault;
        }
    }

    private void Hear(string message, IPAddress address)
    {
        var log = new DnsmasqLog(_directory.Path);
        _declined.Hear(log.Read($"dnsmasq-dhcp[7]: 240640888 {message}(eth0) {address} 52:54:00:00:ff:01")!);
    }
}
