using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Rendering;

namespace Bootstrapper.Tests.Supervision;

/// <summary>What an edit changes that is fixed when the program starts.</summary>
public sealed class NeedsRestartTests
{
    private static readonly ClusterDescription Racks = ScenarioTests.Load("racks").Cluster;

    private static readonly Network New = Racks.Networks[2] with
    {
        Name = "rack-d",
        Bootstrapper = IPAddress.Parse("10.34.0.1"),
        Subnet = IPNetwork.Parse("10.34.0.0/24"),
    };

    /// <summary>Machines there would be led to an address where nobody answers.</summary>
    [Fact]
    public void An_address_of_ours_that_is_not_listened_on_is_used_after_a_restart()
    {
        var problem = Assert.Single(Reconciler.NeedsRestart(
            Racks, Racks with { Networks = [.. Racks.Networks, New] }, Racks.OwnAddresses));
        Assert.Equal(
            ("networks[3].bootstrapper", "10.34.0.1 is not listened on since the start: restart the bootstrapper to use it"),
            (problem.Path, problem.Message));
    }

    [Fact]
    public void A_network_behind_a_router_and_one_that_comes_back_need_none()
    {
        var without = Racks with { Networks = [.. Racks.Networks.Take(2)] };
        Assert.Empty(Reconciler.NeedsRestart(Racks, without, Racks.OwnAddresses));
        Assert.Empty(Reconciler.NeedsRestart(without, Racks, Racks.OwnAddresses));
        var behind = New with { Bootstrapper = Racks.Bootstrapper };
        Assert.Empty(Reconciler.NeedsRestart(Racks, Racks with { Networks = [.. Racks.Networks, behind] }, Racks.OwnAddresses));
    }
}
