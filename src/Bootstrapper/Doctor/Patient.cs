using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Doctor;

/// <summary>What is examined: a description that is good in itself, its data root, and the host that is to serve it.</summary>
internal sealed record Patient(Bsroot Bsroot, Snapshot Snapshot, IReadOnlyList<LocalInterface> Interfaces, TimeProvider Time)
{
    public IReadOnlyList<LocalRoute> Routes { get; init; } = [];

    public ClusterDescription Cluster => Snapshot.Cluster;

    /// <summary>
    /// The interface that machines are on; <c>null</c> when this host does not have the bootstrapper's address.
    /// </summary>
    public LocalInterface? Interface => LocalInterface.Holding(Cluster.Bootstrapper, Interfaces);
}
