using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Inventory;

/// <summary>
/// Looks now and then whether a machine has gone silent where it should not, and writes down which nodes are planned by now.
/// </summary>
internal sealed class NodeTimeouts(
    NodeInventory inventory, CurrentSnapshot current, BackgroundHealth health, TimeProvider time, ILogger<NodeTimeouts> logger)
    : BackgroundRounds("search for silent machines", health, time, logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(LookEvery, stopping);

    protected override Task RoundAsync(CancellationToken stopping)
    {
        inventory.Expire(current.Value.Cluster.Nodes);
        inventory.KeepPlanned(current.Value.Cluster.Nodes);
        return Task.CompletedTask;
    }
}
