using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Decides whether a machine is who it says it is, and may have its secrets now. A network that machines boot from cannot
/// authenticate them, so this limits what can be learned, and when; what is refused is recorded with who asked.
/// </summary>
internal sealed partial class SecretsGuard(
    MachineAddresses addresses, NodeInventory inventory, Timeline timeline, ILogger<SecretsGuard> logger)
{
    /// <returns>Why not; <c>null</c> when it may.</returns>
    public string? RefusalOfSecrets(Snapshot snapshot, Node node, HttpContext context)
    {
        var record = inventory.Of(node);
        var refusal = IsOpen(snapshot) ? null : RefusalOfSpeaker(snapshot, node, context) ?? RefusalOfState(record, node);
        Record(node, context, refusal);
        return refusal;
    }

    /// <summary>A report changes what a machine is told to boot, so only the machine itself may make one.</summary>
    public string? RefusalOfReport(Snapshot snapshot, Node node, HttpContext context)
    {
        var refusal = IsOpen(snapshot) ? null : RefusalOfSpeaker(snapshot, node, context);
        if (refusal is not null)
        {
            Record(node, context, refusal);
        }

        return refusal;
    }

    /// <summary>Likewise what a machine says of itself that nobody planned.</summary>
    public string? RefusalOfReport(Snapshot snapshot, MacAddress mac, HttpContext context)
    {
        var asker = Client.Address(context);
        return IsOpen(snapshot) || addresses.IsAt(mac, asker) ? null
            : $"{asker} is not the address of {mac}: neither a DHCP lease nor the neighbour table says so";
    }

    private static bool IsOpen(Snapshot snapshot) => snapshot.Cluster.Secrets == SecretsPolicy.Open;

    private string? RefusalOfSpeaker(Snapshot snapshot, Node node, HttpContext context)
    {
        var asker = Client.Address(context);
        return addresses.IsAt(node, asker) ? null
            : $"{asker} is not the address of {node.HostName}: neither "
                + $"cluster-desc.yml{(snapshot.Cluster.Dhcp.Mode == DhcpMode.Server ? ", nor a DHCP lease" : "")} nor the "
                + "neighbour table says so";
    }

    private static string? RefusalOfState(NodeRecord record, Node node) => NodeLifecycle.MayHaveSecrets(record, node) ? null
        : $"{node.HostName} is {NodeLifecycle.Name(record.State)}: its secrets are given only while it is configured or "
            + "installing";

    private void Record(Node node, HttpContext context, string? refusal)
    {
        var (path, asker) = (Client.PathOf(context), Client.Address(context).ToString());
        if (refusal is not null)
        {
            LogRefused(path, node.HostName, asker, refusal);
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Refusal, $"denied {path}: {refusal}") { By = asker });
        }
        else if (!Client.OnlyLooks(context))
        {
            RecordDelivery(path, node, asker, addresses.OtherCardAt(node, Client.Address(context)));
        }
    }

    /// <param name="card">Set where it may have gone to somebody else.</param>
    private void RecordDelivery(string path, Node node, string asker, MacAddress? card)
    {
        LogDelivered(path, node.HostName, asker);
        if (card is { } other)
        {
            LogOtherCard(path, node.HostName, other);
        }

        timeline.Add(new TimelineEvent(
            node.Mac,
            EventKind.Delivery,
            card is null ? $"given {path}" : $"given {path}, to the card {card}, which is not known to be its own")
        {
            By = asker,
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Gave {Path} of {Node} to {Asker}")]
    private partial void LogDelivered(string path, string node, string asker);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Path} of {Node} went to the card {Card}, which is not known to be its own")]
    private partial void LogOtherCard(string path, string node, MacAddress card);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied {Path} of {Node} to {Asker}: {Reason}")]
    private partial void LogRefused(string path, string node, string asker, string reason);
}
