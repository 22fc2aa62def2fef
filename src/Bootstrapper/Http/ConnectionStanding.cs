using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;

namespace Bootstrapper.Http;

/// <summary>Who is at an address, when there are not connections enough for all.</summary>
internal sealed class ConnectionStanding(CurrentSnapshot current, MachineAddresses addresses)
{
    public Standing Of(IPAddress address)
    {
        var snapshot = current.Value;
        return SpeaksForNode(address, snapshot) ? Standing.Node
            : snapshot.Cluster.OperatorsFrom.Any(network => network.Contains(address)) ? Standing.OperatorsNetwork
            : Standing.Stranger;
    }

    /// <summary>By the rules for a node's secrets: to have an address of a node's is not enough.</summary>
    private bool SpeaksForNode(IPAddress address, Snapshot snapshot) =>
        addresses.NodeGiven(address, snapshot) is { } node && (snapshot.Cluster.Secrets == SecretsPolicy.Open
            || addresses.RefusalOf(addresses.SpeakerAt(address, opening: null), node, snapshot) is null);
}

/// <summary>Each may have the connections of those before it, and more.</summary>
internal enum Standing
{
    Stranger,

    /// <summary>In a network of <c>operators_from</c>: not every one there is an operator.</summary>
    OperatorsNetwork,

    Node,
}
