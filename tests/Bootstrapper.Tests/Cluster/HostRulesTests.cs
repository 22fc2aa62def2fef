using System.Net;
using Bootstrapper.Cluster;
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
        Assert.Empty(HostRules.Check(Example, [Loopback, Provisioning]));
        Assert.Empty(HostRules.Check(Example with { Interface = "eth1" }, [Loopback, Provisioning]));
    }

    [Fact]
    public void An_address_that_the_host_does_not_have_is_an_error() =>
        AssertProblem("bootstrapper: no interface of this host has the address 10.10.10.1", Example, [Loopback]);

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

    private static void AssertProblem(string expected, ClusterDescription cluster, IReadOnlyList<LocalInterface> interfaces) =>
        Assert.Equal($"d.yml: error: {expected}", Assert.Single(HostRules.Check(cluster, interfaces)).Format("d.yml"));
}
