using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Inventory.Records;

/// <summary>Which state may follow which, and what a machine in a state is told to boot. Pure: no clock, no file.</summary>
internal static class NodeLifecycle
{
    /// <summary>
    /// Installations that may begin before the node is left alone: enough for a power cut or two, too few to wear a disk out.
    /// </summary>
    public const int MostTries = 5;

    /// <summary>No machine starts twice within it.</summary>
    private static readonly TimeSpan SameBoot = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A machine that was installed is never installed again unless an operator arms it. One that lives in memory boots the same
    /// every time.
    /// </summary>
    public static BootTarget Target(NodeRecord record, Node node) => record switch
    {
        { Held: true } => BootTarget.LocalDisk,
        _ when node.LivesInMemory => BootTarget.Memory,
        { State: NodeState.Configured } => BootTarget.Install,
        { State: NodeState.Installing, Tries: < MostTries } => BootTarget.Install,
        { State: NodeState.Failed, FailedWhile: NodeState.Configured or NodeState.Installing, Tries: < MostTries } =>
            BootTarget.Install,
        _ => BootTarget.LocalDisk,
    };

    /// <summary>
    /// Whether the node's secrets may be given now. One that lives in memory needs them at every boot.
    /// </summary>
    public static bool MayHaveSecrets(NodeRecord record, Node node) => !record.Held
        && (node.LivesInMemory || (record.State is NodeState.Configured or NodeState.Installing && !record.AwaitsBoot));

    /// <summary>
    /// How long a machine may be silent in a state before something must be wrong; <c>null</c>: no limit, it may be switched off.
    /// </summary>
    public static TimeSpan? Patience(NodeState state) => state switch
    {
        NodeState.Installing => TimeSpan.FromMinutes(30), // install.sh reports every few seconds
        NodeState.Installed => TimeSpan.FromMinutes(30), // servers with much memory take long to restart
        _ => null,
    };

    /// <summary>
    /// Whether the installed system may ask for its next certificates. One that is armed for installation may not: it will be
    /// given new ones, and what it has now is as good as lost.
    /// </summary>
    public static bool MayRenew(NodeRecord record) =>
        (record.State == NodeState.Failed ? record.FailedWhile : record.State) is NodeState.Installed or NodeState.Running;

    /// <summary>
    /// Whether an installed system may run on it, with all data on its disk. Not while it is being installed: what runs then is
    /// the live system. Of a lost record nobody knows.
    /// </summary>
    public static bool MayRunInstalledSystem(NodeRecord record) => record.AwaitsBoot
        || (record.State == NodeState.Failed ? record.FailedWhile : record.State)
            is null or NodeState.Installed or NodeState.Running;

    /// <summary>
    /// What a report makes of a record. The same report twice changes nothing the second time: its answer may have been lost.
    /// </summary>
    public static Step Apply(NodeRecord record, NodeReport report, Node node, DateTimeOffset now) => report.State switch
    {
        NodeState.Installing or NodeState.Failed when record.AwaitsBoot => Step.Refuse(record, WhyAwaitsBoot(node.HostName)),
        NodeState.Installing when record.State == NodeState.Installing && report.Progress is { } progress =>
            Step.To(record with { Progress = progress }),
        NodeState.Installing => BeginInstalling(record, report, node, now),
        NodeState.Installed or NodeState.Running when record.Armed => Step.To(record),
        NodeState.Installed when record.State is NodeState.Installed or NodeState.Running => Step.To(record),
        NodeState.Installed => Step.To(Enter(record, NodeState.Installed, now) with { Wipe = false }),
        NodeState.Running => Step.To(
            (record.State == NodeState.Running ? record : Enter(record, NodeState.Running, now) with { Tries = 0 }) with
            {
                OsVersion = report.OsVersion ?? record.OsVersion,
                LastBoot = BootedAt(record, report, now),
            }),
        NodeState.Failed => Step.To(Fail(record, report.Message ?? "no reason given", now)),
        _ => Step.Refuse(record, $"a machine cannot report itself {Name(report.State)}"),
    };

    /// <summary>
    /// Whether a machine can report such a change without end: what stays in its state, and what undoes a failure. Each of the
    /// others is a try, of which there are few, or a step that an operator alone takes back.
    /// </summary>
    public static bool MayComeAgain(NodeRecord before, NodeRecord after) => before.State == after.State
        ? after.State != NodeState.Installing
        : before.State == NodeState.Failed && after.State is NodeState.Installed or NodeState.Running;

    /// <summary>An operator wants it installed once more, whatever it is doing now.</summary>
    /// <param name="wipe">Whether a disk may be overwritten that holds data we did not write.</param>
    public static Step Reinstall(NodeRecord record, bool wipe, DateTimeOffset now) => record switch
    {
        { State: NodeState.Discovered } => Step.Refuse(record, $"{record.HostName} is not a node of this cluster yet: enrol it"),
        { Held: true } => Step.Refuse(record, $"{record.HostName} is on hold: release it first"),
        _ => Step.To(Enter(record, NodeState.Configured, now) with
        {
            Tries = 0,
            Armed = true,
            AwaitsBoot = MayRunInstalledSystem(record),
            Wipe = wipe,
            ReportedDisk = null,
            Deliveries = [],
        }),
    };

    /// <summary>Its card was seen to boot from the network: what was running on it is not any more.</summary>
    public static NodeRecord SeenToBoot(NodeRecord record) => record with { AwaitsBoot = false };

    /// <summary>Something secret is about to be given out.</summary>
    public static NodeRecord Deliver(NodeRecord record, Delivery delivery) => record with
    {
        Deliveries = record.Deliveries.Contains(delivery)
            ? record.Deliveries
            : [.. record.Deliveries.TakeLast(Delivery.Most - 1), delivery],
        Disk = record.State == NodeState.Installing ? record.ReportedDisk ?? record.Disk : record.Disk,
        ReportedDisk = record.State == NodeState.Installing ? null : record.ReportedDisk,
    };

    /// <summary>An operator says that a network card is, or is not, the node's.</summary>
    public static Step Accept(NodeRecord record, MacAddress card, bool accept) => (accept, record.Cards.Contains(card)) switch
    {
        (true, false) when !card.IsUnicast => Step.Refuse(record, $"{card} is not the address of one network card"),
        (true, false) => Step.To(record with { Cards = [.. record.Cards, card] }),
        (false, true) => Step.To(record with { Cards = [.. record.Cards.Where(known => known != card)] }),
        _ => Step.To(record),
    };

    public static string WhyAwaitsBoot(string hostName) =>
        $"{hostName} was armed for a reinstall and has not booted from the network since: restart it";

    public static Step Hold(NodeRecord record, bool hold) => Step.To(record with { Held = hold });

    /// <summary>An operator says how it is: a machine that was installed by other means must not be installed again.</summary>
    /// <param name="osVersion"><c>null</c> where that is not known.</param>
    public static Step Declare(NodeRecord record, NodeState state, string? osVersion, DateTimeOffset now) =>
        (record.State, state) switch
        {
            (NodeState.Discovered, _) => Step.Refuse(record, $"{record.HostName} is not a node of this cluster yet: enrol it"),
            (_, not (NodeState.Installed or NodeState.Running)) => Step.Refuse(
                record, "an operator can say that a machine is installed or running; to have it installed, arm a reinstall"),
            _ when record.State == state => Step.To(record with { OsVersion = osVersion ?? record.OsVersion }),
            _ => Step.To(Enter(record, state, now) with
            {
                Tries = 0,
                Armed = false,
                AwaitsBoot = false,
                Wipe = false,
                OsVersion = osVersion ?? record.OsVersion,
            }),
        };

    /// <summary>A machine that was only seen has become a node of the cluster.</summary>
    public static Step Enrol(NodeRecord record, string hostName, DateTimeOffset now) => record.State == NodeState.Discovered
        ? Step.To(Enter(record, NodeState.Configured, now) with { HostName = hostName })
        : Step.Refuse(record, $"{record.HostName} is {Name(record.State)}: only a discovered machine can be enrolled");

    /// <param name="silence">How long ago the machine was last heard of.</param>
    public static NodeRecord Expire(NodeRecord record, TimeSpan silence, DateTimeOffset now) =>
        Patience(record.State) is { } patience && silence >= patience
            ? Fail(record, $"not heard of for {patience.TotalMinutes:0} minutes while {Name(record.State)}", now)
            : record;

    /// <summary>
    /// A system reports once when it has started, and again when that was not answered; what it reports later is about something.
    /// </summary>
    private static DateTimeOffset? BootedAt(NodeRecord record, NodeReport report, DateTimeOffset now) =>
        report is { Kubelet: null, Addons: null, ClockAhead: null } && !(now - record.LastBoot < SameBoot)
            ? now
            : record.LastBoot;

    private static Step BeginInstalling(NodeRecord record, NodeReport report, Node node, DateTimeOffset now)
    {
        if (record.Held)
        {
            return Step.Refuse(record, $"{node.HostName} is on hold");
        }

        if (Target(record, node) != BootTarget.Install)
        {
            return Step.Refuse(
                record, $"{node.HostName} is {Name(record.State)} and is not to be installed; an operator can arm a reinstall");
        }

        if (report.DiskHoldsData && !node.Wipe && !record.Wipe && (report.Disk is null || report.Disk != record.Disk))
        {
            var reason = $"disk {report.Disk ?? "without a name"} holds foreign data: "
                + "empty it, or set wipe: true for this node";
            return Step.Refuse(Fail(record, reason, now), reason);
        }

        return Step.To(Enter(record, NodeState.Installing, now) with
        {
            Tries = record.Tries + 1,
            ReportedDisk = report.Disk,
            Progress = 0,
            Armed = false,
        });
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

/// <summary>What became of a report or a wish: the record as it is now, and why it was refused, if it was.</summary>
internal sealed record Step(NodeRecord Record, string? Refusal)
{
    /// <summary>Whether it was refused because the record is not the one that was seen.</summary>
    public bool IsStale { get; private init; }

    /// <summary>When it may be asked again, where there was too much of it; else <c>null</c>.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static Step To(NodeRecord record) => new(record, null);

    public static Step Refuse(NodeRecord record, string reason) => new(record, reason);

    public static Step TooOften(NodeRecord record, string reason, TimeSpan retryAfter) =>
        new(record, reason) { RetryAfter = retryAfter };

    public static Step Stale(NodeRecord record) =>
        new(record, $"it was changed meanwhile: it is at revision {record.Revision}") { IsStale = true };
}
