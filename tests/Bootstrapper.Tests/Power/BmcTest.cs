using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>A test that speaks to a machine's BMC, by a data root that has its password.</summary>
public abstract class BmcTest(string password) : IAsyncLifetime
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected BmcBench Bench { get; } = new(password);

    /// <summary>Whose BMC it is.</summary>
    private protected Node Node => Sample.Node() with { Bmc = Settings };

    private protected abstract BmcSettings Settings { get; }

    public abstract ValueTask InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Bench.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract ValueTask EndAsync();
}
