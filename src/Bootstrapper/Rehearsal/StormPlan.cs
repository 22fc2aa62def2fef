using Bootstrapper.Cluster;

namespace Bootstrapper.Rehearsal;

/// <summary>What is played, and against which bootstrapper.</summary>
/// <param name="Program">The bootstrapper, as an executable file.</param>
/// <param name="Bsroot">
/// A data root that is the storm's alone, with a description and the files that machines fetch; the bootstrapper writes there.
/// </param>
/// <param name="Cluster">That description.</param>
internal sealed record StormPlan(string Program, Bsroot Bsroot, ClusterDescription Cluster)
{
    /// <summary>Machines of the description, the first ones of those that <see cref="CanPlay"/> knows.</summary>
    public int Machines { get; init; } = int.MaxValue;

    /// <summary>Beside them.</summary>
    public int Strangers { get; init; }

    /// <summary>Of a file, in bytes: as much is fetched of it, from its beginning.</summary>
    public long MostOfFile { get; init; } = long.MaxValue;

    /// <summary>The bootstrapper is killed once this part of the machines is installed; <c>null</c> for never.</summary>
    public double? KillAt { get; init; }

    /// <summary>From the first switch to the last.</summary>
    public TimeSpan SwitchOnWithin { get; init; }

    /// <summary>From power on, or a restart, until the firmware asks for an address.</summary>
    public TimeSpan SelfTest { get; init; }

    /// <summary>
    /// Whether all machines begin each step together, so that it can be said what a step costs. Then none is killed.
    /// </summary>
    public bool InStep { get; init; }

    /// <summary>Whether it is measured afterwards what it costs to send a file.</summary>
    public bool MeasuresSending { get; init; }

    /// <summary>Machines that do not run by then are lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What the bootstrapper writes.</summary>
    public string LogFile => Bsroot.At("serve.log");

    public IReadOnlyList<Node> Nodes => [.. Cluster.Nodes.Where(CanPlay).Take(Machines)];

    public static bool CanPlay(Node node) =>
        node is { Ip: not null, LivesInMemory: false, BootLoader: BootLoader.Auto or BootLoader.Ipxe };
}
