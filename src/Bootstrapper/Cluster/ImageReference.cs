using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster;

/// <summary>
/// The name of a container image, taken apart as Docker and containerd do: <c>pause</c> is <c>docker.io/library/pause:latest</c>.
/// </summary>
/// <param name="Registry">Host of the registry, with its port where it has one.</param>
/// <param name="Repository">Path of the repository in the registry.</param>
/// <param name="Tag"><c>null</c> where the digest alone names the image.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
internal sealed partial record ImageReference(string Registry, string Repository, string? Tag, string? Digest = null)
{
    /// <summary>Regular expression without anchors, for .NET and ECMAScript alike.</summary>
    public const string Grammar =
        "(?:" + HostGrammar + "/)?" + Component + "(?:/" + Component + ")*(?::" + TagGrammar + ")?(?:@" + DigestGrammar + ")?";

    private const string HostGrammar = "[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?";
    private const string Component = "[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*";
    private const string TagGrammar = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
    private const string DigestGrammar = "sha256:[0-9a-f]{64}";
    private const string DockerHub = "docker.io";

    /// <summary>To distribution.</summary>
    private const int LongestRepository = 255;

    /// <exception cref="FormatException">It is not the name of an image.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference)
            ? reference
            : throw new FormatException($"'{text}' is not the name of a container image");

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference)
    {
        var match = Parts().Match(text);
        reference = match.Success ? Of(match.Groups["name"].Value, Given(match, "tag"), Given(match, "digest")) : null;
        return reference is not null;
    }

    /// <summary>Whether a repository of ours can have that name; a host in front of it, or capital letters, are none.</summary>
    public static bool IsRepository(string text) => text.Length <= LongestRepository && Repositories().IsMatch(text);

    public override string ToString() => $"{Registry}/{Repository}{Prefixed(':', Tag)}{Prefixed('@', Digest)}";

    private static ImageReference Of(string name, string? tag, string? digest)
    {
        var (registry, repository) = Split(name);
        return new ImageReference(
            registry,
            registry == DockerHub && !repository.Contains('/', StringComparison.Ordinal) ? $"library/{repository}" : repository,
            tag ?? (digest is null ? "latest" : null),
            digest);
    }

    /// <summary>What comes before the first slash is a registry only where it cannot be a part of a path on Docker Hub.</summary>
    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        return first == "localhost" || first.AsSpan().ContainsAny('.', ':')
            ? (first == "index.docker.io" ? DockerHub : first.ToLowerInvariant(), name[(slash + 1)..])
            : (DockerHub, name);
    }

    private static string Prefixed(char separator, string? part) => part is null ? "" : $"{separator}{part}";

    private static string? Given(Match match, string group) =>
        match.Groups[group] is { Success: true, Value: var value } ? value : null;

    [GeneratedRegex(@"\A(?<name>(?:" + HostGrammar + "/)?" + Component + "(?:/" + Component
        + ")*)(?::(?<tag>" + TagGrammar + "))?(?:@(?<digest>" + DigestGrammar + @"))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"\A" + Component + "(?:/" + Component + @")*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Repositories();
}
