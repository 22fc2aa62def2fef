using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory;

/// <summary>What is known of one machine: the content of its file in <c>inventory/</c>.</summary>
internal sealed record NodeRecord
{
    public required MacAddress Mac { get; init; }

    public string HostName { get; init; } = "";

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

    /// <summary>The state in which it failed: a machine that failed while running must not be installed again by itself.</summary>
    public NodeState? FailedWhile { get; init; }

    public static NodeRecord New(Node node, DateTimeOffset now) => new() { Mac = node.Mac, HostName = node.HostName, Since = now };
}
