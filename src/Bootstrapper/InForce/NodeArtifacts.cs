using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.InForce;

/// <summary>All that one node is given, for an operator to look at: under the paths at which machines ask for it.</summary>
internal static class NodeArtifacts
{
    /// <exception cref="RenderingException">A template is broken.</exception>
    public static IReadOnlyList<Artifact> Of(Node node, Snapshot snapshot, NodeSecrets secrets) =>
    [
        snapshot.BootFile(node, BootTarget.Install),
        new Artifact("ipxe", IpxeScript.Boot(snapshot.NetBoot(node).NamingInitrd())),
        new Artifact("grub", GrubConfig.Boot(snapshot.NetBoot(node))),
        new Artifact("install.sh", snapshot.InstallScript(node)),
        node.Config == ConfigFormat.Ignition
            ? new Artifact($"ignition/{node.Mac.ToHyphenated()}.json", snapshot.Ignition(node, secrets))
            : new Artifact($"cloud-config/{node.Mac.ToHyphenated()}.yaml", snapshot.CloudConfig(node, secrets)),
        .. snapshot.Generic(node, secrets) is { } text
            ? [new Artifact($"generic/{node.Mac.ToHyphenated()}", text)]
            : Array.Empty<Artifact>(),
        new Artifact("ca.crt", secrets.RootPem),
        new Artifact($"tls/{node.Mac.ToHyphenated()}/node.pem", secrets.Leaf.CertificatePem),
        new Artifact($"tls/{node.Mac.ToHyphenated()}/node-key.pem", secrets.Leaf.KeyPem),
    ];
}
