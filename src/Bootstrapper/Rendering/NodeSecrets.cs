using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Rendering;

/// <summary>What only one node may know, and the roots that it checks others with.</summary>
/// <param name="RootPem">The cluster's root; two of them while one follows the other.</param>
/// <param name="Leaf">The machine's own.</param>
/// <param name="Files">
/// All of the node's credentials. Issued when a template asks for them: what nobody has need not be renewed.
/// </param>
internal sealed record NodeSecrets(string RootPem, Leaf Leaf, Func<Node, ClusterDescription, IReadOnlyList<PkiFile>> Files)
{
    public static string SpecimenRoot { get; } = Pem("CERTIFICATE");

    public static Leaf SpecimenLeaf { get; } = new(Pem("CERTIFICATE"), Pem("PRIVATE KEY"));

    public static ControlPlaneSecrets SpecimenShared { get; } =
        new(SpecimenLeaf.KeyPem, SpecimenLeaf.CertificatePem, "c3BlY2ltZW4=");

    /// <summary>Of the right shape and worth nothing: what templates are tried with before any certificate is issued.</summary>
    public static NodeSecrets Specimen { get; } = new(
        SpecimenRoot,
        SpecimenLeaf,
        (node, cluster) => NodeCredentials.Files(node, cluster, _ => SpecimenRoot, _ => SpecimenLeaf, SpecimenShared));

    /// <exception cref="PkiException">A root has expired.</exception>
    /// <exception cref="IOException">A leaf cannot be stored.</exception>
    public static NodeSecrets Of(Node node, ClusterDescription cluster, NodeCredentials credentials) =>
        new(credentials.ClusterTrustPem, credentials.MachineLeaf(node, cluster), credentials.For);

    private static string Pem(string label) =>
        $"-----BEGIN {label}-----\nc3BlY2ltZW4gMQ==\nc3BlY2ltZW4gMg==\n-----END {label}-----\n";
}
