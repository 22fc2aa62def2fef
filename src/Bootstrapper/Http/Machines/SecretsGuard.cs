using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Decides whether a machine is who it says it is, and may have its secrets now. A network that machines boot from cannot
/// authenticate them, so this limits what can be learned, and when; what is given and what is refused is on record with who
/// asked.
/// </summary>
internal sealed partial class SecretsGuard(
    MachineAddresses addresses, NodeInventory inventory, Timeline timeline, TimeProvider time, ILogger<SecretsGuard> logger)
{
    private readonly Repeats _refusals = new("denied requests of many kinds", time);
    private readonly Repeats _deliveries = new("given much once more", time);

    /// <returns>Why not; <c>null</c> when it may, and then that is on disk.</returns>
    /// <exception cref="IOException">It cannot be put on record, so nothing may be given.</exception>
    public Denial? RefusalOfSecrets(Snapshot snapshot, Node node, HttpContext context)
    {
        var speaker = SpeakerOf(context);
        var refusal = IsOpen(snapshot) ? null
            : addresses.RefusalOf(speaker, node, snapshot) ?? RefusalOfState(inventory.Of(node), node);
        if (refusal is not null)
        {
            Refuse(node, speaker, context, refusal);
        }
        else if (!Client.OnlyLooks(context))
        {
            Deliver(node, speaker, context);
        }

        return refusal;
    }

    /// <summary>A report changes what a machine is told to boot, so only the machine itself may make one.</summary>
    public Denial? RefusalOfReport(Snapshot snapshot, Node node, HttpContext context)
    {
        var speaker = SpeakerOf(context);
        var refusal = IsOpen(snapshot) ? null : addresses.RefusalOf(speaker, node, snapshot);
        if (refusal is not null)
        {
            Refuse(node, speaker, context, refusal);
        }

        return refusal;
    }

    /// <summary>Likewise what a machine says of itself that nobody planned.</summary>
    public Denial? RefusalOfReport(Snapshot snapshot, MacAddress mac, HttpContext context) =>
        IsOpen(snapshot) ? null : SpeakerOf(context).Refusal(mac, snapshot.Cluster);

    private static bool IsOpen(Snapshot snapshot) => snapshot.Cluster.Secrets == SecretsPolicy.Open;

    private Speaker SpeakerOf(HttpContext context) =>
        addresses.SpeakerAt(Client.Address(context), context.Features.Get<Opening>());

    private static Denial? RefusalOfState(NodeRecord record, Node node) =>
        NodeLifecycle.MayHaveSecrets(record, node) ? null : new Denial(WhyNotIn(record, node));

    private static string WhyNotIn(NodeRecord record, Node node) =>
        record.AwaitsBoot ? NodeLifecycle.WhyAwaitsBoot(node.HostName)
        : record.Held ? $"{node.HostName} is on hold: its secrets are not given out meanwhile"
        : $"{node.HostName} is {NodeLifecycle.Name(record.State)}: its secrets are given only while it is configured or "
            + "installing";

    private void Refuse(Node node, Speaker speaker, HttpContext context, Denial refusal)
    {
        var (path, asker) = (Client.RouteOf(context), speaker.Address.ToString());
        LogRefused(path, node.HostName, asker, refusal.Reason);
        if (_refusals.Fold(node.Mac, asker, $"denied {path}: {refusal.Reason}") is { } told)
        {
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Refusal, told) { By = asker });
        }
    }

    private void Deliver(Node node, Speaker speaker, HttpContext context)
    {
        var asker = speaker.Address.ToString();
        var delivery = new Delivery(Client.RouteOf(context), speaker.Address, speaker.Card);
        if (!inventory.Deliver(node, delivery) && _deliveries.Fold(node.Mac, asker, $"given {delivery} once more") is { } told)
        {
            LogAgain(node.HostName, told);
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Delivery, told) { By = asker });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: {Told}")]
    private partial void LogAgain(string node, string told);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied {Path} of {Node} to {Asker}: {Reason}")]
    private partial void LogRefused(string path, string node, string asker, string reason);
}
