using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Which node is on the other end, by the certificate that it showed in the TLS handshake. The handshake proved that it has the
/// key; here it is asked whether we gave it that certificate, and whether it may still use it.
/// </summary>
internal sealed class NodeIdentity(Authorities authorities, NodeLeaves leaves, NodeInventory inventory, CurrentSnapshot current)
{
    private const string UserPrefix = "system:node:";

    public Identified Of(HttpContext context)
    {
        var snapshot = current.Value;
        if (context.Connection.ClientCertificate is not { } shown)
        {
            return Identified.Unknown(snapshot, "requires HTTPS and the node's certificate");
        }

        if (!authorities[RootName.Cluster].AcceptsClient(shown))
        {
            return Identified.Unknown(snapshot, "the certificate was not issued here to a client, or is not valid now");
        }

        var user = LeafEncoding.ProfileOf(shown).CommonName;
        return user.StartsWith(UserPrefix, StringComparison.Ordinal)
            && snapshot.Nodes.FindByHostName(user[UserPrefix.Length..]) is { } node
            ? new Identified(snapshot, node, shown, Refusal(snapshot, node, shown))
            : new Identified(snapshot, null, shown, $"{Printable.Escaped(user)} is not a node of this cluster");
    }

    private string? Refusal(Snapshot snapshot, Node node, X509Certificate2 shown) =>
        !leaves.IsOnRecord(node, snapshot.Cluster, shown)
            ? $"this certificate is not recorded for {node.HostName}: the node was installed again, or forgotten"
        : inventory.Of(node) is var record && !NodeLifecycle.MayRenew(record)
            ? $"{node.HostName} is {NodeLifecycle.Name(record.State)}: only an installed system renews its certificates"
        : null;
}

/// <summary>What came of it: a node that may ask, or why not.</summary>
/// <param name="Node">Set also where the node is known and may not ask.</param>
internal sealed record Identified(
    Snapshot Snapshot, Node? Node, X509Certificate2? Shown, string? Refusal, int Status = StatusCodes.Status403Forbidden)
{
    public static Identified Unknown(Snapshot snapshot, string reason) =>
        new(snapshot, null, null, reason, StatusCodes.Status401Unauthorized);
}
