using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Bundles;

/// <summary>What a text makes a machine ask for: every URL and every container image in it.</summary>
internal sealed class TextDemands(Hosts hosts)
{
    public IEnumerable<Demand> Of(string text, Claim by) =>
        NamedUrl.In(text).Distinct().SelectMany(url => Of(url, by))
            .Concat(NamedImage.In(text, hosts.Registry).Select(image => Of(image, by)));

    public Demand Of(ImageReference image, Claim by) =>
        new(DemandKind.Image, $"{RegistryMirror.NameOf(image, hosts.Registry)}", by);

    public IEnumerable<Demand> Of(NamedUrl url, Claim by)
    {
        if (hosts.IsRegistry(url))
        {
            return url.Path.StartsWith("v2/", StringComparison.Ordinal)
                ? [new Demand(DemandKind.ImagesBelow, $"{hosts.Registry}/{url.Path["v2/".Length..]}/", by)]
                : [];
        }

        return hosts.IsOurs(url) ? OfFile(url, by) : hosts.IsInside(url) ? [] : [new Demand(DemandKind.Elsewhere, $"{url}", by)];
    }

    /// <param name="url">Ours.</param>
    public static IEnumerable<Demand> OfFile(NamedUrl url, Claim by) => url switch
    {
        { Scheme: "tftp" } => [new Demand(Kind(url), $"{BundlePath.Tftp}{url.Path}", by)],
        _ when ServedPath.IsAnswered(url.Path) => [],
        _ => [new Demand(Kind(url), ServedPath.FileOf(url.Path), by)],
    };

    private static DemandKind Kind(NamedUrl url) => url.IsWhole ? DemandKind.File : DemandKind.FilesBelow;
}
