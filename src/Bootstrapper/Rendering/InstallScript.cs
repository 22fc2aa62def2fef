using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering;

/// <summary>install.sh: what the live system runs to put the operating system on the disk. It holds no secret.</summary>
internal static class InstallScript
{
    /// <param name="shared">The image where it is known as chunks; else the node downloads it as a whole.</param>
    /// <exception cref="RenderingException">The template is broken.</exception>
    public static string Render(Node node, ClusterDescription cluster, TemplateSet templates, ChunkedImage? shared = null) =>
        templates.Render("install.sh.template", ModelOf(node, cluster, shared));

    /// <summary>All that it depends on beside the templates: where two are equal, so are the scripts.</summary>
    public static object ModelOf(Node node, ClusterDescription cluster, ChunkedImage? shared = null)
    {
        var files = ReleaseFiles.Of(cluster.Os.Name);
        var url = Urls.Base(cluster);
        return new
        {
            node.HostName,
            Mac = node.Mac.ToString(),
            Url = url,
            InstallDisk = node.InstallDisk.OrNull(),
            SmallestDisk = node.DiskSelector?.MinSize ?? DiskSelector.UsualMinSize,
            Wanted = node.DiskSelector,
            Asked = node.DiskSelector is { Asks: true },
            Raw = cluster.Os.InstallMethod == InstallMethod.Raw,
            Transcoded = cluster.Os is { InstallMethod: InstallMethod.FlatcarInstall, Transcoding: Transcoding.Zstd },
            WritesDisk = cluster.Os is { InstallMethod: InstallMethod.Raw } or { Transcoding: Transcoding.Zstd },
            ImageUrl = ImageUrl(node, cluster, files),
            ImageSha256 = cluster.Os.Image?.Sha256.OrNull(),
            Shared = shared is not null && node.FanOut && cluster.Os.InstallMethod == InstallMethod.Raw
                ? new { shared.Digest, shared.Length, Chunks = shared.Digests.Count }
                : null,
            Unpack = Unpack(cluster.Os.Image?.Path ?? ""),
            files.Installer,
            TranscodedImage = files.Transcoded,
            files.UserData,
            Ignition = node.Config == ConfigFormat.Ignition,
            ChannelUrl = $"{url}/{node.Channel}",
            cluster.Os.Version,
            Kexec = cluster.Os.Restart == Restart.Kexec,
            SigningKeyUrl = cluster.Os.SigningKey is { } key ? $"{url}/signing-keys/{key}" : null,
        };
    }

    private static string ImageUrl(Node node, ClusterDescription cluster, ReleaseFiles files) => cluster.Os switch
    {
        { InstallMethod: InstallMethod.Raw, Image: { } image } => $"{Urls.Base(cluster)}/{image.Path}",
        _ => $"{Urls.Base(cluster)}/{node.Channel}/{cluster.Os.Version}/{files.Image}",
    };

    /// <summary>
    /// The command that turns the file into the bytes of the disk. All four are in Flatcar's live system; busybox may lack zstd.
    /// </summary>
    private static string Unpack(string image) => Path.GetExtension(image) switch
    {
        ".gz" => "gzip -dc",
        ".bz2" => "bzip2 -dc",
        ".xz" => "xz -dc",
        ".zst" => "zstd -dc",
        _ => "cat",
    };
}
