using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bootstrapper.Pki;

/// <summary>
/// How a client of the API server finds it, trusts it and proves who it is: a kubeconfig (kubernetes.io, v1).
/// </summary>
/// <param name="Server">URL of the API server.</param>
/// <param name="User">What the user is called in this file; the API server goes by the certificate.</param>
internal sealed record Kubeconfig(string Server, string User)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// For a program on a node: it reads the files again when they change, so a renewed leaf needs no new kubeconfig.
    /// </summary>
    public string Naming(string rootFile, string certificateFile, string keyFile) => Text(
        $"certificate-authority: {Quote(rootFile)}",
        $"client-certificate: {Quote(certificateFile)}",
        $"client-key: {Quote(keyFile)}");

    /// <summary>For people: one file, wherever it is taken.</summary>
    public string Holding(string trustPem, Leaf leaf) => Text(
        $"certificate-authority-data: {Base64(trustPem)}",
        $"client-certificate-data: {Base64(leaf.CertificatePem)}",
        $"client-key-data: {Base64(leaf.KeyPem)}");

    private string Text(string root, string certificate, string key) => $"""
        apiVersion: v1
        kind: Config
        clusters:
          - name: kubernetes
            cluster:
              server: {Quote(Server)}
              {root}
        users:
          - name: {Quote(User)}
            user:
              {certificate}
              {key}
        contexts:
          - name: {Quote($"{User}@kubernetes")}
            context:
              cluster: kubernetes
              user: {Quote(User)}
        current-context: {Quote($"{User}@kubernetes")}

        """;

    /// <summary>A JSON string is a YAML string, whatever is in it.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(text, Readable);

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
