using Bootstrapper.Cluster;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Model;

namespace Bootstrapper.Images.Releases;

/// <summary>
/// A server laid out as CoreOS's were and Flatcar's are: <c>amd64-usr/VERSION/</c>, with <c>current</c> for the newest.
/// </summary>
/// <param name="channel">URL of the channel, with a slash at its end.</param>
internal sealed class ContainerLinuxSource(Downloader downloader, Uri channel, Track track) : IReleaseSource
{
    /// <summary>A mirror has every channel as a folder; each of Flatcar's channels is a host of its own.</summary>
    /// <exception cref="ReleaseException">There is no mirror, and no server of the vendor's any more.</exception>
    public static IEnumerable<ContainerLinuxSource> All(Downloader downloader, Track track, IReadOnlyList<Uri> mirrors) =>
        mirrors switch
        {
            [] when track.Family == ReleaseFamily.CoreOS =>
                throw new ReleaseException("CoreOS's own servers no longer exist: name a mirror as os.base_url"),
            [] => [new ContainerLinuxSource(downloader, new Uri($"https://{track.Channel}.release.flatcar-linux.net/"), track)],
            _ => mirrors.Select(mirror =>
                new ContainerLinuxSource(downloader, new Uri($"{mirror.AbsoluteUri.TrimEnd('/')}/{track.Channel}/"), track)),
        };

    private ReleaseFiles Names =>
        ReleaseFiles.Of(track.Family == ReleaseFamily.CoreOS ? OperatingSystemName.CoreOS : OperatingSystemName.Flatcar);

    /// <summary>
    /// Here the server is trusted without proof; the signed <c>version.txt</c> of the release must agree in the end.
    /// </summary>
    public async Task<Release> FindAsync(string version, CancellationToken cancellation)
    {
        var number = version == ReleaseVersion.Current ? await NewestAsync(cancellation) : version;
        return new Release(
            number,
            [.. new[] { ReleaseVersion.FileName, Names.Kernel, Names.Initrd, Names.Image }.Select(name => File(number, name))]);
    }

    private async Task<string> NewestAsync(CancellationToken cancellation)
    {
        var url = At(ReleaseVersion.Current, ReleaseVersion.FileName);
        return ReleaseVersion.Read(await downloader.ReadAsync(url, cancellation))
            ?? throw new ReleaseException($"{url} names no version");
    }

    private ReleaseFile File(string version, string name) => new(name, At(version, name))
    {
        Signature = At(version, $"{name}.sig"),
        Digests = At(version, $"{name}.DIGESTS.asc"),
        MayRecur = name == Names.Kernel,
    };

    private Uri At(string version, string name) =>
        new(channel, $"{(track.Architecture == Architecture.Arm64 ? "arm64" : "amd64")}-usr/{version}/{name}");
}
