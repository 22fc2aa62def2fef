using Bootstrapper.InForce;

namespace Bootstrapper.Inventory;

/// <summary>Looks now and then whether a machine has gone silent where it should not.</summary>
internal sealed partial class NodeTimeouts(
    NodeInventory inventory, CurrentSnapshot current, TimeProvider time, ILogger<NodeTimeouts> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                inventory.Expire(current.Value.Cluster.Nodes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogCannot(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot note that a machine has gone silent: {Reason}")]
    private partial void LogCannot(string reason);
}
