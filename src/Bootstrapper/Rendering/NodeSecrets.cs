using Bootstrapper.Pki;

namespace Bootstrapper.Rendering;

/// <summary>What only one node may know, and the root that it checks others with.</summary>
internal sealed record NodeSecrets(string RootPem, Leaf Leaf)
{
    /// <summary>Of the right shape and worth nothing: what templates are tried with before any certificate is issued.</summary>
    public static NodeSecrets Specimen { get; } = new(Pem("CERTIFICATE"), new Leaf(Pem("CERTIFICATE"), Pem("PRIVATE KEY")));

    private static string Pem(string label) => $"-----BEGIN {label}-----\nc3BlY2ltZW4gMQ==\nc3BlY2ltZW4gMg==\n-----END {label}-----\n";
}
