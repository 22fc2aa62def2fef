using Bootstrapper.InForce;
using Bootstrapper.Inventory;

namespace Bootstrapper.Boot;

/// <summary>
/// The two steps that a new description takes with all boot files: one that may fail, and one that cannot be taken back.
/// </summary>
internal sealed class BootFilesOfAll(BootFiles files, NodeInventory inventory, BootOrders orders)
{
    /// <summary>
    /// Brings every node's file in line with its state and this description, also of nodes whose state changes meanwhile.
    /// </summary>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public void Write(Snapshot snapshot)
    {
        files.Follow(snapshot);
        inventory.WriteBootFiles(snapshot.Cluster.Nodes);
    }

    /// <summary>
    /// A node that left the description must not be installed any more. What is on hold or waits, node or not, stays told so.
    /// </summary>
    /// <param name="snapshot">Is in force.</param>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public void RemoveOthers(Snapshot snapshot)
    {
        files.Follow(snapshot);
        files.RemoveOthers(
        [
            .. snapshot.Cluster.Nodes.Select(node => node.Mac),
            .. inventory.Records
                .Where(record => record.Held
                    || (snapshot.Nodes.Find(record.Mac) is null && orders.WaitOf(snapshot, node: null, record) is not null))
                .Select(record => record.Mac),
        ]);
    }
}
