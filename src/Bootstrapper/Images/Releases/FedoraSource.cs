using System.Text.Json;
using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Images.Releases;

/// <summary>
/// Fedora CoreOS: the stream's description says what there is, where it lies and what its digest is. Names are read from it and
/// never made up, for they have changed before.
/// </summary>
internal sealed class FedoraSource(Downloader downloader, Uri stream, Track track) : IReleaseSource
{
    private static readonly string[] Parts = ["kernel", "initramfs", "rootfs"];

    public static IEnumerable<FedoraSource> All(Downloader downloader, Track track, IReadOnlyList<Uri> mirrors) =>
        from server in mirrors is [] ? [new Uri("https://builds.coreos.fedoraproject.org")] : mirrors
        select new FedoraSource(downloader, new Uri($"{server.AbsoluteUri.TrimEnd('/')}/streams/{track.Channel}.json"), track);

    public async Task<Release> FindAsync(string version, CancellationToken cancellation)
    {
        try
        {
            using var description = JsonDocument.Parse(await downloader.ReadAsync(stream, cancellation));
            return Read(description.RootElement, version);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException
            or InvalidOperationException or UriFormatException)
        {
            throw new ReleaseException($"{stream} does not describe a stream for {Machine}: {failure.Message}", failure);
        }
    }

    private string Machine => track.Architecture == Architecture.Arm64 ? "aarch64" : "x86_64";

    private Release Read(JsonElement description, string version)
    {
        var metal = description.GetProperty("architectures").GetProperty(Machine).GetProperty("artifacts").GetProperty("metal");
        var offered = metal.GetProperty("release").GetString()!;
        if (!ReleaseVersion.IsSound(offered) || (version != ReleaseVersion.Current && version != offered))
        {
            throw new ReleaseException($"{stream} offers {offered} and no other release");
        }

        var formats = metal.GetProperty("formats");
        var files = Parts.ToDictionary(
            part => part, part => File(formats.GetProperty("pxe").GetProperty(part)), StringComparer.Ordinal);
        files["image"] = File(formats.GetProperty("raw.xz").GetProperty("disk"));
        return new Release(offered, [.. files.Values], VersionText(offered, files));
    }

    /// <summary>A description that came in the clear proves nothing: then the files' signatures must.</summary>
    private ReleaseFile File(JsonElement artifact)
    {
        var url = new Uri(artifact.GetProperty("location").GetString()!);
        var name = url.Segments[^1];
        return ReleaseVersion.IsSound(name)
            ? new ReleaseFile(name, url)
            {
                Sha256 = artifact.GetProperty("sha256").GetString(),
                Signature = stream.Scheme == Uri.UriSchemeHttps ? null : new Uri(artifact.GetProperty("signature").GetString()!),
            }
            : throw new ReleaseException($"{stream} names a file {name}, which cannot be one");
    }

    /// <summary>Tells which file plays which part, for the names do not.</summary>
    private static string VersionText(string version, Dictionary<string, ReleaseFile> files) =>
        $"FCOS_VERSION={version}\n"
            + string.Concat(files.Select(file => $"FCOS_{file.Key.ToUpperInvariant()}={file.Value.Name}\n"));
}
