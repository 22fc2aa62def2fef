using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cluster;

public sealed class HostRulesTests
{
    private static readonly ClusterDescription Example =
        ClusterDescriptionReader.Read(new Scenario("example").ClusterDescription).Cluster!;

    private static readonly LocalInterface Loopback = new("lo", [IPAddress.Loopback]);

    private static readonly LocalInterface Provisioning =
        new("eth1", [IPAddress.Parse("192.168.1.7"), IPAddress.Parse("10.10.10.1")]);

    [Fact]
    public void A_host_that_holds_the_bootstrappers_address_may_serve()
    {
        Assert.Empty(HostRules.Check(Example, [Loopback, Provisioning], []));
        Assert.Empty(HostRules.Check(Example with { Interface = "eth1" }, [Loopback, Provisioning], []));
    }

    [Fact]
    public void An_address_that_the_host_does_not_have_is_an_error() =>
        AssertProblem("bootstrapper: no interface of this host has the address 10.10.10.1", Example, [Loopback]);

    [Fact]
    public void A_container_with_a_network_of_its_own_is_told_what_is_missing()
    {
        var bridged = new LocalInterface("eth0", [IPAddress.Parse("172.17.0.2")]);
        Assert.EndsWith(
            "the container has a network of its own, where no machine is; run it with --network host, without -p",
            Assert.Single(HostRules.Check(Example, [Loopback, bridged], [], isInContainer: true)).Message,
            StringComparison.Ordinal);
        var card = bridged with { Name = "enp1s0" };
        Assert.EndsWith(
            "has the address 10.10.10.1",
            Assert.Single(HostRules.Check(Example, [Loopback, card], [], isInContainer: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_the_host_does_not_have_is_an_error() =>
        AssertProblem(
            "interface: this host has no interface eth7; it has lo, eth1",
            Example with { Interface = "eth7" },
            [Loopback, Provisioning]);

    [Fact]
    public void An_interface_without_the_bootstrappers_address_is_an_error() =>
        AssertProblem(
            "interface: lo does not have the address 10.10.10.1, but eth1 does",
            Example with { Interface = "lo" },
            [Loopback, Provisioning]);

    [Fact]
    public void An_address_where_no_machine_is_is_an_error()
    {
        var (card, dummy) = (new LocalInterface("eth0", [IPAddress.Parse("10.10.10.2")]), Provisioning with { Name = "dummy0" });
        AssertProblem(
            "bootstrapper: 10.10.10.1 is on dummy0, but the machines of 10.10.10.0/24 are reached by eth0: "
                + "give that one the address",
            Example,
            [Loopback, card, dummy],
            new LocalRoute("eth0", IPNetwork.Parse("10.10.10.0/24")),
            new LocalRoute("dummy0", IPNetwork.Parse("192.168.1.0/24")),
            new LocalRoute("dummy0", IPNetwork.Parse("0.0.0.0/0")));
        AssertProblem(
            "bootstrapper: 10.10.10.1 is on lo, where no machine is: give the address to the interface that the machines are on",
            Example,
            [Loopback with { Index = LocalInterface.LoopbackIndex, Addresses = Provisioning.Addresses }, card]);
    }

    [Fact]
    public void Where_one_of_several_ways_to_the_machines_is_its_own_a_host_may_serve() => Assert.Empty(HostRules.Check(
        Example,
        [Loopback, Provisioning],
        [
            new LocalRoute("eth0", IPNetwork.Parse("10.0.0.0/8")),
            new LocalRoute("eth0", IPNetwork.Parse("10.10.10.7/32")),
            new LocalRoute("eth1", IPNetwork.Parse("10.10.10.0/24")),
        ]));

    [Fact]
    public void Routes_are_read_as_the_kernel_writes_them() => Assert.Equal(
        [new LocalRoute("eth0", IPNetwork.Parse("0.0.0.0/0")), new LocalRoute("br-1", IPNetwork.Parse("10.88.0.0/16"))],
        LocalRoute.Parse([
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   ",
            "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0   ",
            "br-1\t0000580A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0   ",
        ]));

    private static void AssertProblem(
        string expected, ClusterDescription cluster, IReadOnlyList<LocalInterface> interfaces, params LocalRoute[] routes) =>
        Assert.Equal($"d.yml: error: {expected}", Assert.Single(HostRules.Check(cluster, interfaces, routes)).Format("d.yml"));
}
