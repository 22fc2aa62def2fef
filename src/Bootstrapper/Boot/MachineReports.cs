using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Boot;

/// <summary>Takes what machines report. One that reports came somewhere, so whatever it was to wait for is over.</summary>
internal sealed class MachineReports(NodeInventory inventory, BootAttempts attempts)
{
    /// <param name="by">Who reports, for the record.</param>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step Take(Node node, NodeReport report, Author by)
    {
        var wasWaiting = attempts.Forget(node.Mac);
        var step = inventory.Report(node, report, by);
        if (wasWaiting)
        {
            inventory.WriteBootFile(node.Mac, node);
        }

        return step;
    }

    /// <summary>
    /// A machine that the description does not name told what is in it, the furthest that it can come.
    /// </summary>
    /// <exception cref="IOException">Its boot file cannot be written.</exception>
    public void TakeFacts(MacAddress mac)
    {
        if (attempts.Forget(mac))
        {
            inventory.WriteBootFile(mac, node: null);
        }
    }
}
