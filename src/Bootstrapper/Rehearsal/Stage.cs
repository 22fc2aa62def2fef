using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rehearsal;

/// <summary>What all machines share.</summary>
internal sealed record Stage(
    ClusterDescription Cluster, PlayedNetwork Network, DhcpCable Cable, ServedFiles Files, Phases Phases, Ledger Ledger)
{
    /// <summary>From the first switch to the last.</summary>
    public TimeSpan SwitchOnWithin { get; init; }

    /// <summary>From power on, or a restart, until the firmware asks for an address.</summary>
    public TimeSpan SelfTest { get; init; }

    /// <summary><c>null</c> where each machine goes at its own pace.</summary>
    public StepGate? Gate { get; init; }

    public IPEndPoint Web => new(Cluster.Bootstrapper, Cluster.Ports.Http);
}
