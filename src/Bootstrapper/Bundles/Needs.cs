using Bootstrapper.Cluster;

namespace Bootstrapper.Bundles;

/// <summary>Who needs a file of a bundle.</summary>
internal sealed class Needs
{
    /// <summary>More names than this say no more.</summary>
    private const int MostTold = 5;

    private readonly Dictionary<string, List<Claim>> _claims = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<(string Name, string Channel)> _nodes;

    private Needs(IEnumerable<(string Name, string Channel)> nodes) => _nodes = [.. nodes];

    public static Needs Of(ClusterDescription cluster) => new(cluster.Nodes.Select(node => (node.HostName, node.Channel)));

    /// <summary>Where nobody can say more than which nodes there are.</summary>
    public static Needs Of(IEnumerable<string> nodes) => new(nodes.Select(node => (node, "")));

    public void Add(string path, Claim claim)
    {
        if (!_claims.TryGetValue(path, out var claims))
        {
            _claims[path] = claims = [];
        }

        claims.Add(claim);
    }

    /// <summary>As an operator reads it: nodes, and the documents that name the file.</summary>
    public string Tell(string path) =>
        _claims.TryGetValue(path, out var claims) ? $"needed by {Tell(claims)}" : $"needed by {TellUnnamed(path)}";

    public static string Tell(IReadOnlyCollection<Claim> claims) => Join(
        [.. claims.GroupBy(claim => claim.Node, StringComparer.Ordinal)
            .Select(node => $"{node.Key} "
                + $"({string.Join("; ", node.Select(claim => claim.Document).Distinct(StringComparer.Ordinal).Take(3))})")]);

    /// <summary>What no configuration names by itself: the description, templates, and what lies beside what is named.</summary>
    private string TellUnnamed(string path)
    {
        if (path.StartsWith(BundlePath.Matchbox, StringComparison.Ordinal))
        {
            return "the machines of the matchbox directory";
        }

        var channel = path.StartsWith(BundlePath.Www, StringComparison.Ordinal) ? path.Split('/')[1] : "";
        var some = _nodes.Where(node => node.Channel == channel).ToList();
        return $"{Join([.. (some.Count > 0 ? some : _nodes).Select(node => node.Name)])} ({Why(path)})";
    }

    private static string Why(string path) => path switch
    {
        _ when BundlePath.IsWritten(path) => "everything they receive is rendered from it",
        BundlePath.Program => "the program that serves them",
        _ => "machines may request it, although no configuration names it",
    };

    private static string Join(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostTold)) + (names.Count > MostTold ? $" and {names.Count - MostTold} more" : "");
}
