using System.Text;
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

    /// <summary>Likewise, and each another one, so that it shows where one stands in the place of another.</summary>
    public static NodeSecrets Distinct { get; } = new(
        Pem("CERTIFICATE", $"{RootName.Cluster}"),
        Named(NodeLeaf.Machine),
        (node, cluster) => NodeCredentials.Files(
            node,
            cluster,
            root => Pem("CERTIFICATE", $"{root}"),
            leaf => Named(leaf.Name),
            new(Pem("PRIVATE KEY", "service accounts"), Pem("PUBLIC KEY", "service accounts"), Encoded("encryption"))));

    private static Leaf Named(string name) => new(Pem("CERTIFICATE", name), Pem("PRIVATE KEY", name));

    private static string Pem(string label, string name = "specimen") =>
        $"-----BEGIN {label}-----\n{Encoded($"{name} 1")}\n{Encoded($"{name} 2")}\n-----END {label}-----\n";

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
