using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Host;
using Bootstrapper.Tests.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>On this host's loopback, and with an address that is kept for documentation (RFC 5737).</summary>
public sealed class OwnPlacesTests : IDisposable
{
    private static readonly IPAddress Missing = IPAddress.Parse("192.0.2.1");

    private readonly LocalInterfaces _interfaces = new(TimeProvider.System);
    private readonly BackgroundHealth _health = new();
    private readonly RecordingLoggers _log = new();

    public void Dispose()
    {
        _interfaces.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void An_address_that_no_interface_has_is_told_of_once_and_the_others_are_served()
    {
        var places = Places();
        for (var look = 0; look < 2; look++)
        {
            var place = Assert.Single(places.Of(Cluster(IPAddress.Loopback, Missing)));
            Assert.Equal((LocalInterface.LoopbackIndex, IPAddress.Loopback), (place.On.Index, Assert.Single(place.Own)));
        }

        Assert.Equal(
            ["The DHCP server leaves out rack-c: no network interface has the address 192.0.2.1"],
            _log.Entries.Select(entry => entry.Message));
        Assert.Equal(
            KeyValuePair.Create("DHCP server at 192.0.2.1", "no network interface has that address: rack-c is left out"),
            Assert.Single(_health.Failing));

        places.Of(Cluster(IPAddress.Loopback, IPAddress.Loopback));
        Assert.Empty(_health.Failing);
    }

    [Fact]
    public void Where_none_is_there_nobody_can_be_served() => Assert.Contains(
        "no network interface has the address 192.0.2.1",
        Assert.Throws<IOException>(() => Places().Of(Cluster(Missing, Missing))).Message,
        StringComparison.Ordinal);

    private OwnPlaces Places() => new("DHCP server", _interfaces, _health, _log.CreateLogger("DHCP server"));

    private static ClusterDescription Cluster(IPAddress main, IPAddress other) => Sample.Cluster() with
    {
        Bootstrapper = main,
        Networks =
        [
            new Network { Name = "rack-a", Bootstrapper = main, Subnet = IPNetwork.Parse("127.0.0.0/8") },
            new Network { Name = "rack-c", Bootstrapper = other, Subnet = IPNetwork.Parse("192.0.2.0/24") },
        ],
    };
}
