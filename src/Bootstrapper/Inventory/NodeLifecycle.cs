using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Inventory;

/// <summary>Which state may follow which, and what a machine in a state is told to boot. Pure: no clock, no file.</summary>
internal static class NodeLifecycle
{
    /// <summary>Installations that may begin before the node is left alone: enough for a power cut or two, too few to wear a disk out.</summary>
    public const int MostTries = 5;

    /// <summary>A machine that was installed is never installed again unless an operator arms it. One that lives in memory boots the same every time.</summary>
    public static BootTarget Target(NodeRecord record, Node node) => record switch
    {
        _ when node.LivesInMemory => BootTarget.Memory,
        { State: NodeState.Configured } => BootTarget.Install,
        { State: NodeState.Installing, Tries: < MostTries } => BootTarget.Install,
        { State: NodeState.Failed, FailedWhile: NodeState.Configured or NodeState.Installing, Tries: < MostTries } => BootTarget.Install,
        _ => BootTarget.LocalDisk,
    };

    /// <summary>Whether the node's secrets may leave the house: DESIGN §9, rule 2. One that lives in memory needs them at every boot.</summary>
    public static bool MayHaveSecrets(NodeRecord record, Node node) =>
        record.State is NodeState.Configured or NodeState.Installing || node.LivesInMemory;

    /// <summary>
    /// Whether the installed system may ask for its next certificates. One that is armed for installation may not: it will be given
    /// new ones, and what it has now is as good as lost.
    /// </summary>
    public static bool MayRenew(NodeRecord record) =>
        (record.State == NodeState.Failed ? record.FailedWhile : record.State) is NodeState.Installed or NodeState.Running;

    /// <summary>What a report makes of a record. The same report twice changes nothing the second time: its answer may have been lost.</summary>
    public static Step Apply(NodeRecord record, NodeReport report, Node node, DateTimeOffset now) => report.State switch
    {
        NodeState.Installing when record.State == NodeState.Installing && report.Progress is { } progress =>
            Step.To(record with { Progress = progress }),
        NodeState.Installing => BeginInstalling(record, report, node, now),
        NodeState.Installed when record.State is NodeState.Installed or NodeState.Running => Step.To(record),
        NodeState.Installed => Step.To(Enter(record, NodeState.Installed, now)),
        NodeState.Running when record.State == NodeState.Running => Step.To(record),
        NodeState.Running => Step.To(Enter(record, NodeState.Running, now) with { Tries = 0 }),
        NodeState.Failed => Step.To(Fail(record, report.Message ?? "no reason given", now)),
        _ => Step.Refuse(record, $"a machine cannot report itself {Name(report.State)}"),
    };

    private static Step BeginInstalling(NodeRecord record, NodeReport report, Node node, DateTimeOffset now)
    {
        if (Target(record, node) != BootTarget.Install)
        {
            return Step.Refuse(record, $"{node.HostName} is {Name(record.State)} and is not to be installed; an operator can arm a reinstall");
        }

        if (report.DiskHoldsData && !node.Wipe && report.Disk != record.Disk)
        {
            var reason = $"disk {report.Disk} holds data that we did not write: empty it, or set wipe: true for this node";
            return Step.Refuse(Fail(record, reason, now), reason);
        }

        return Step.To(Enter(record, NodeState.Installing, now) with { Tries = record.Tries + 1, Disk = report.Disk ?? record.Disk, Progress = 0 });
    }

    private static NodeRecord Fail(NodeRecord record, string reason, DateTimeOffset now) => record.State == NodeState.Failed
        ? record with { Message = reason }
        : Enter(record, NodeState.Failed, now) with
        {
            Message = reason,
            FailedWhile = record.State,
            Tries = record.State == NodeState.Configured ? record.Tries + 1 : record.Tries,
        };

    private static NodeRecord Enter(NodeRecord record, NodeState state, DateTimeOffset now) =>
        record with { State = state, Since = now, Progress = null, Message = null, FailedWhile = null };

    /// <summary>As the API, the inventory's files and people write it.</summary>
    public static string Name(NodeState state) => state.ToString().ToLowerInvariant();
}

/// <summary>What became of a report: the record as it is now, and why the report was refused, if it was.</summary>
internal sealed record Step(NodeRecord Record, string? Refusal)
{
    public static Step To(NodeRecord record) => new(record, null);

    public static Step Refuse(NodeRecord record, string reason) => new(record, reason);
}
