using System.Reflection;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Bootstrapper.Model;

/// <summary>
/// What a minor version of Kubernetes is made to work with: a file of <c>Releases/</c> each, so that a new version is a new file.
/// </summary>
internal sealed record KubernetesRelease
{
    private const string Files = "kubernetes/";

    /// <summary>By major and minor version, the oldest first.</summary>
    private static readonly SortedDictionary<Version, KubernetesRelease> Known = new(
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Files, StringComparison.Ordinal))
            .ToDictionary(name => Version.Parse(Path.GetFileNameWithoutExtension(name[Files.Length..])), Read));

    /// <summary>Tag of its image.</summary>
    public string Coredns { get; init; } = "";

    /// <summary>Tag of its image.</summary>
    public string Etcd { get; init; } = "";

    /// <summary>Tag of its image.</summary>
    public string Pause { get; init; } = "";

    /// <summary>Version of the API server's AuthenticationConfiguration, such as v1.</summary>
    public string Authentication { get; init; } = "";

    /// <summary>Minor versions, such as 1.35, the oldest first.</summary>
    public static IEnumerable<string> KnownMinors => Known.Keys.Select(minor => $"{minor}");

    /// <param name="version">Without a leading <c>v</c>.</param>
    /// <returns><c>null</c> for a minor version that this program does not know.</returns>
    public static KubernetesRelease? Find(string version) => Known.GetValueOrDefault(MinorOf(version));

    /// <summary>
    /// The release itself, or the known one before it; for one that is older than all, the oldest. Its images may be wrong for
    /// the version, and how its programs are configured is most likely right.
    /// </summary>
    public static KubernetesRelease Nearest(string version) =>
        Known.LastOrDefault(release => release.Key <= MinorOf(version), Known.First()).Value;

    private static Version MinorOf(string version) => Version.Parse(string.Join('.', version.Split('.', '-').Take(2)));

    private static KubernetesRelease Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return new DeserializerBuilder().WithNamingConvention(LowerCaseNamingConvention.Instance).Build()
            .Deserialize<KubernetesRelease>(reader);
    }
}
