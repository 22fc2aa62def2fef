using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// What nodes run from: whoever could write there would run as root on every node. It is everything that stands in for another
/// registry, for nodes take it for what that one has; and what the description names in ours.
/// </summary>
internal static partial class ProtectedRepositories
{
    /// <param name="repository">Without the name of our registry: <c>registry.k8s.io/pause</c>.</param>
    public static bool Contain(ClusterDescription cluster, string repository)
    {
        var first = repository.Split('/')[0];
        return Host().IsMatch(first)
            || RegistryMirror.Of(cluster).Any(mirror => mirror.Path == first)
            || ContainerImages.Of(cluster)
                .Any(image => RegistryMirror.NameOf(image.Upstream, Urls.Registry(cluster)).Repository == repository);
    }

    /// <summary>
    /// A path of <see cref="RegistryMirror.PathOf"/>, of a registry that the description does not name either: archives may hold
    /// its images.
    /// </summary>
    [GeneratedRegex(@"\A(?:localhost|.*[.].*|.*_[0-9]{1,5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
