using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// Where our registry keeps the images of others: each registry has a path of its own, for equal names in two registries are
/// not the same image.
/// </summary>
internal static class RegistryMirror
{
    /// <param name="registry">Ours, as <see cref="Urls.Registry"/> gives it.</param>
    /// <returns>The name under which our registry has it: <c>bootstrapper:5000/registry.k8s.io/pause:3.10.1</c>.</returns>
    public static ImageReference NameOf(ImageReference image, string registry) => image.Registry == registry
        ? image
        : image with { Registry = registry, Repository = $"{PathOf(image.Registry)}/{image.Repository}" };

    /// <summary>A registry's host as a path; a colon may not be in one.</summary>
    public static string PathOf(string host) => host.Replace(':', '_');

    /// <summary>The registries for which ours stands in.</summary>
    public static IReadOnlyList<RegistryModel> Of(ClusterDescription cluster) =>
    [
        .. ContainerImages.Of(cluster).Select(image => image.Upstream.Registry).Distinct(StringComparer.Ordinal)
            .Where(host => host != Urls.Registry(cluster)).Order(StringComparer.Ordinal)
            .Select(host => new RegistryModel(host, PathOf(host))),
    ];
}

/// <summary>A registry as a node knows it, and its path in ours.</summary>
internal sealed record RegistryModel(string Host, string Path);
