using System.Text.Json.Serialization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Records;

/// <summary>What is known of one machine: the content of its file in <c>inventory/</c>.</summary>
internal sealed record NodeRecord
{
    public required MacAddress Mac { get; init; }

    public string HostName { get; init; } = "";

    /// <summary>Counts the changes: who saw another number has not seen this record.</summary>
    public int Revision { get; init; }

    public NodeState State { get; init; } = NodeState.Configured;

    /// <summary>When it came into this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How often an installation has begun since the node was last armed.</summary>
    public int Tries { get; init; }

    /// <summary>Identity of the disk that we have begun to write: what is on it is ours, and may be overwritten.</summary>
    public string? Disk { get; init; }

    /// <summary>
    /// Identity of the disk that the machine wants to write. It is <see cref="Disk"/> from the moment that the machine has its
    /// config: before that it can write nothing, and anybody may have said so.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? ReportedDisk { get; init; }

    /// <summary>In hundredths; only while installing, and not durable.</summary>
    public int? Progress { get; init; }

    /// <summary>Why it failed, in its own words.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The state in which it failed: a machine that failed while running must not be installed again by itself.
    /// </summary>
    public NodeState? FailedWhile { get; init; }

    /// <summary>
    /// An operator asked for a reinstall, and it has not begun: until it does, the old system may still report, and is not
    /// trusted.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Armed { get; init; }

    /// <summary>
    /// It was armed while an installed system could be running, and its card has not been seen to boot from the network since:
    /// until then whoever speaks from its address may be that system, or a pod on it, and is given nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AwaitsBoot { get; init; }

    /// <summary>An operator allowed the next installation to overwrite a disk that holds somebody else's data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Wipe { get; init; }

    /// <summary>An operator wants the machine left alone: it boots its own disk, whatever its state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Held { get; init; }

    /// <summary>When its installed system last reported that it had started.</summary>
    public DateTimeOffset? LastBoot { get; init; }

    /// <summary>As the machine last reported it.</summary>
    public string? OsVersion { get; init; }

    /// <summary>What is in the machine, as it last reported it.</summary>
    public NodeFacts? Facts { get; init; }

    public NodeDetails? Details { get; init; }

    /// <summary>
    /// Its other network cards, as an operator accepted them: from there it is given its secrets as from <see cref="Mac"/>.
    /// </summary>
    public IReadOnlyList<MacAddress> Cards { get; init; } = [];

    /// <summary>To whom its secrets went since it was last armed, each once, in order.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; init; } = [];

    /// <summary>Network cards that the machine says it has, and that no operator has accepted.</summary>
    [JsonIgnore]
    public IEnumerable<MacAddress> ClaimedCards => Facts is null ? [] :
        Facts.Nics.Select(nic => nic.Mac).Where(card => card != Mac && card.IsUnicast && !Cards.Contains(card));

    /// <summary>What happened to a record that is not there any more, of a node that was given secrets: nobody knows.</summary>
    public static NodeRecord Lost(Node node, DateTimeOffset now) => New(node, now) with
    {
        State = NodeState.Failed,
        Message = "its record is lost, and it was given secrets before: to have it installed, arm a reinstall; if it runs, "
            + "say so with node state",
    };

    public static NodeRecord New(Node node, DateTimeOffset now) =>
        new() { Mac = node.Mac, HostName = node.HostName, Since = now };
}
