using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Registry;

/// <summary>
/// skopeo(1), version 1.9 or later: it copies images between registries and files, and checks every digest on the way.
/// </summary>
/// <param name="Scratch">An existing directory, for its temporary files; relative names in sources are of this directory.</param>
internal sealed partial record Skopeo(string Scratch)
{
    private const string Retries = "3";

    /// <summary>For an image of gigabytes over a slow line.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(6);

    /// <summary>Reached through the proxies of the environment, or without any.</summary>
    public bool UsesProxies { get; init; } = true;

    /// <summary>Copies one image into a registry.</summary>
    /// <param name="source">As skopeo names it: <c>oci:DIR</c>, <c>docker-archive:FILE:@0</c>.</param>
    /// <param name="verbatim">
    /// Whether the manifest stays as it is, byte for byte; otherwise layers that are not compressed are.
    /// </param>
    /// <param name="certificates">Directory with the root (<c>.crt</c>) that the registry's certificate leads to.</param>
    /// <param name="authFile">Who we are to the registry, as <c>skopeo login</c> writes it.</param>
    /// <exception cref="IOException">The source is broken, or the registry refuses it.</exception>
    public Task PushAsync(
        string source,
        string destination,
        bool verbatim,
        string certificates,
        string authFile,
        CancellationToken cancellation) => RunAsync(
        [
            "copy", "--quiet", "--all", .. Preserve(verbatim), "--retry-times", Retries, "--dest-authfile", authFile,
            "--dest-cert-dir", certificates, source, $"docker://{destination}",
        ],
        cancellation);

    /// <summary>Copies an image, all its manifests as they are, into an empty or missing directory (<c>dir:</c>).</summary>
    /// <param name="architecture">Which image of several, as Go names it; <c>null</c> for all of them.</param>
    /// <param name="certificates">Directory with roots to trust besides the system's.</param>
    public Task PullAsync(
        ImageReference image,
        string directory,
        string? architecture,
        string? certificates,
        CancellationToken cancellation) => RunAsync(
        [
            .. architecture is null ? [] : new[] { "--override-os", "linux", "--override-arch", architecture },
            "copy",
            "--quiet",
            .. architecture is null ? ["--all"] : Array.Empty<string>(),
            .. Preserve(true),
            "--retry-times",
            Retries,
            .. certificates is null ? [] : new[] { "--src-cert-dir", certificates }, Source(image), $"dir:{directory}",
        ],
        cancellation);

    /// <summary>What the name stands for in its registry at this moment.</summary>
    public async Task<string> DigestAsync(ImageReference image, string? certificates, CancellationToken cancellation)
    {
        var manifest = await RunAsync(
            [
                "inspect",
                "--raw",
                "--retry-times",
                Retries,
                .. certificates is null ? [] : new[] { "--cert-dir", certificates },
                Source(image),
            ], cancellation);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}";
    }

    /// <summary>skopeo takes a tag or a digest, and not both.</summary>
    private static string Source(ImageReference image) =>
        $"docker://{(image.Digest is null ? image : image with { Tag = null })}";

    private static string[] Preserve(bool verbatim) => verbatim ? ["--preserve-digests"] : [];

    private async Task<byte[]> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        // Whoever may write into the data root may put any image there: there is no other signature policy to ask.
        var skopeo = new ProgramRun("skopeo", ["--insecure-policy", .. arguments], Limit)
        {
            WorkingDirectory = Scratch,
            Environment = Variables(),
        };
        var result = await skopeo.RunAsync(cancellation);
        return result.ExitCode == 0 ? result.Output : throw new IOException(Reason(result));
    }

    private Dictionary<string, string?> Variables()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["TMPDIR"] = Scratch };
        foreach (var proxy in UsesProxies ? [] : new[] { "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy" })
        {
            variables[proxy] = null;
        }

        return variables;
    }

    /// <summary>The last thing it said, without the form of its log.</summary>
    private static string Reason(ProgramResult result)
    {
        var last = result.Errors.TrimEnd().Split('\n')[^1];
        var message = Message().Match(last);
        return message.Success ? Regex.Unescape(message.Groups["text"].Value)
            : last.Length > 0 ? last
            : $"skopeo ended with code {result.ExitCode}";
    }

    [GeneratedRegex("""level=fatal msg="(?<text>.*)"$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Message();
}
