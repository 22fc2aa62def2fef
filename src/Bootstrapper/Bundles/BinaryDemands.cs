using Bootstrapper.Cluster;

namespace Bootstrapper.Bundles;

/// <summary>
/// The programs of Kubernetes that a node fetches by a list: the list, all that it names, and the two without which nothing
/// runs. The script that fetches them puts their names together, so no text has them whole.
/// </summary>
internal static class BinaryDemands
{
    private const string Below = "static/kubernetes/", List = "SHA256SUMS";

    private static readonly string[] Always = [List, "kubelet", "kubectl"];

    /// <returns>Nothing where <paramref name="text"/> does not speak of them.</returns>
    public static IEnumerable<string> Of(string text, Node node, ClusterDescription cluster, IContent content) =>
        text.Split('\n').Any(line => line.Contains(Below, StringComparison.Ordinal) && !NamedUrl.IsComment(line))
            ? Always.Concat(Entries(content.ReadText($"{DirectoryOf(node, cluster)}{List}") ?? "").Select(entry => entry.Name))
                .Distinct(StringComparer.Ordinal).Select(name => $"{DirectoryOf(node, cluster)}{name}")
            : [];

    public static bool IsList(string path) =>
        path.StartsWith(BundlePath.Www + Below, StringComparison.Ordinal) && path.EndsWith($"/{List}", StringComparison.Ordinal);

    /// <summary>Names and digests, as <c>sha256sum</c> writes them.</summary>
    public static IEnumerable<(string Name, string Sha256)> Entries(string list) =>
        from line in list.Split('\n')
        let words = line.Split(' ', 2)
        where words.Length == 2
        select (words[1].TrimStart(' ', '*').TrimEnd('\r'), words[0]);

    private static string DirectoryOf(Node node, ClusterDescription cluster) =>
        $"{BundlePath.Www}{Below}{cluster.Kubernetes.Version}/{node.Architecture}/";
}
