using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>One thing that was seen of one machine.</summary>
/// <param name="Text">A line for people.</param>
internal sealed record TimelineEvent(MacAddress Mac, EventKind Kind, string Text)
{
    /// <summary>
    /// Orders all events of all machines, across restarts: microseconds since 1970, and always more than the one before.
    /// </summary>
    public long Id { get; init; }

    [JsonIgnore]
    public DateTimeOffset At => DateTimeOffset.UnixEpoch.AddMicroseconds(Id);

    /// <summary>How far on its way through a boot it shows the machine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BootStage Stage { get; init; }

    /// <summary>Of DHCP: the message, such as <c>DHCPACK</c>.</summary>
    public string? Message { get; init; }

    /// <summary>The state that the machine left, and the one that it came into.</summary>
    public NodeState? Left { get; init; }

    /// <inheritdoc cref="Left"/>
    public NodeState? Entered { get; init; }

    /// <summary>
    /// The file that the machine at its own address was sent, or asked for: a path as in a URL, or below <c>tftpboot/</c>, with
    /// a slash before it. Over HTTP empty where it was somebody else who asked; <c>null</c> of HTTP are old events only, of
    /// which <see cref="EarlierEvent"/> takes it from the text.
    /// </summary>
    public string? File { get; init; }

    /// <summary>How the machine says that its kubelet is.</summary>
    public string? Kubelet { get; init; }

    /// <summary>How a control plane says that the cluster's addons are.</summary>
    public string? Addons { get; init; }

    /// <summary>The address or operator that it came from, where that is not the machine by its MAC address.</summary>
    public string? By { get; init; }

    /// <summary>What was sent to the machine.</summary>
    public long? Bytes { get; init; }

    /// <summary>How long the answer took, the last byte included; of a state that was left, how long it lasted.</summary>
    public double? Seconds { get; init; }
}

internal enum EventKind
{
    Dhcp,
    Tftp,
    Http,

    /// <summary>The machine was given something secret.</summary>
    Delivery,

    /// <summary>Somebody was refused something of the machine's.</summary>
    Refusal,

    /// <summary>The machine is told to wait, and why on its screen.</summary>
    Waiting,

    /// <summary>The machine said what we knew already.</summary>
    Report,

    Progress,

    /// <summary>The inventory's record changed.</summary>
    State,

    /// <summary>Its BMC was asked to switch it, or what it boots.</summary>
    Power,

    /// <summary>A program of ours that the machine may have been talking to ended or came back.</summary>
    Service,
}
