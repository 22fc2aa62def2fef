using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>
/// A node's secrets as the data root has them, for an operator to look at. Reads, and issues nothing: for what is not there
/// yet stand the specimens.
/// </summary>
/// <param name="show">Otherwise every private key and the encryption key are masked; certificates never are.</param>
internal sealed class ShownSecrets(Bsroot bsroot, bool show)
{
    private const string Mask = "(masked; --show-secrets shows it)";

    /// <summary>From its first renewal on.</summary>
    private const string Elsewhere = "(made by the machine, which alone has it)";

    private readonly LeafFiles _leaves = new(bsroot);
    private readonly IReadOnlyList<PublicRoot> _roots = PublicRoot.All(bsroot);

    /// <exception cref="PkiException">What is in the data root cannot be read.</exception>
    public NodeSecrets Of(Node node, ClusterDescription cluster) => new(
        Trust(RootName.Cluster),
        LeafOf(node, NodeLeaf.Find(node, cluster, NodeLeaf.Machine)!),
        (asked, _) => NodeCredentials.Files(asked, cluster, Trust, leaf => LeafOf(asked, leaf), Shared()));

    private string Trust(RootName root) =>
        _roots.Where(known => known.Name == root).ToList() is { Count: > 0 } known
            ? string.Concat(known.Select(one => one.Certificate.ExportCertificatePem() + "\n"))
            : NodeSecrets.SpecimenRoot;

    private Leaf LeafOf(Node node, NodeLeaf leaf)
    {
        var recorded = _leaves.Certificates(node.Mac, leaf.Name) is [var newest, ..]
            ? new Leaf(newest.ExportCertificatePem() + "\n", _leaves.Read(node.Mac, leaf.Name)?.KeyPem ?? Key(Elsewhere))
            : NodeSecrets.SpecimenLeaf;
        return show ? recorded : recorded with { KeyPem = Key(Mask) };
    }

    private ControlPlaneSecrets Shared()
    {
        var shared = File.Exists(bsroot.ServiceAccountKey) && File.Exists(bsroot.EncryptionKey)
            ? ControlPlaneSecrets.Open(bsroot)
            : NodeSecrets.SpecimenShared;
        return show ? shared : shared with { ServiceAccountKeyPem = Key(Mask), EncryptionKey = Mask };
    }

    private static string Key(string instead) => $"-----BEGIN PRIVATE KEY-----\n{instead}\n-----END PRIVATE KEY-----\n";
}
