using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>Gathers what one node may know from the parts that issue and keep it.</summary>
internal sealed class NodeSecretsIssuer(Authorities authorities, NodeLeaves leaves, NodeCredentials credentials)
{
    /// <exception cref="PkiException">A root has expired.</exception>
    /// <exception cref="IOException">A leaf cannot be stored.</exception>
    public NodeSecrets For(Node node, ClusterDescription cluster) =>
        new(authorities[RootName.Cluster].TrustPem, leaves.For(node, cluster), credentials.For);
}
