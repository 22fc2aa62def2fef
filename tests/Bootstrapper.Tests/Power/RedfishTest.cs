using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Power;

/// <summary>A test that speaks Redfish with our stand-in.</summary>
public abstract class RedfishTest() : BmcTest(RedfishStandIn.Password)
{
    private protected RedfishStandIn StandIn { get; private set; } = null!;

    private protected override BmcSettings Settings => StandIn.Settings;

    public override async ValueTask InitializeAsync()
    {
        StandIn = await RedfishStandIn.StartAsync();
        Bench.Write("bmc.crt", StandIn.CertificatePem);
    }

    private protected override ValueTask EndAsync() => StandIn.DisposeAsync();
}
