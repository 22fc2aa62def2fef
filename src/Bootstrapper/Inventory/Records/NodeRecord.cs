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

    /// <summary>An operator allowed the next installation to overwrite a disk that holds somebody else's data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Wipe { get; init; }

    /// <summary>An operator wants the machine left alone: it boots its own disk, whatever its state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Held { get; init; }

    /// <summary>As the machine last reported it.</summary>
    public string? OsVersion { get; init; }

    /// <summary>What is in the machine, as it last reported it.</summary>
    public NodeFacts? Facts { get; init; }

    public NodeDetails? Details { get; init; }

    public static NodeRecord New(Node node, DateTimeOffset now) =>
        new() { Mac = node.Mac, HostName = node.HostName, Since = now };
}
