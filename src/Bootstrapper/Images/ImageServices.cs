using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;

namespace Bootstrapper.Images;

/// <summary>The operating system's releases, and newer ones as they appear.</summary>
internal static class ImageServices
{
    /// <param name="isInstalling">Whether one of these nodes is being installed: its release stays as it is meanwhile.</param>
    public static void AddImages(
        this IServiceCollection services,
        Bsroot bsroot,
        TimeProvider time,
        Func<IServiceProvider, IEnumerable<Node>, bool> isInstalling)
    {
        services.AddSingleton(new LoaderModes(bsroot, time));
        services.AddSingleton<ReleaseStates>();
        services.AddSingleton<ReleaseOverview>();
        services.AddSingleton(new ReleaseFetcher(bsroot, Downloader.Create(time)));
        services.AddHostedService(parts => new ReleaseUpdater(
            bsroot,
            parts.GetRequiredService<ReleaseFetcher>(),
            parts.GetRequiredService<CurrentSnapshot>(),
            parts.GetRequiredService<ReleaseStates>(),
            channel => isInstalling(
                parts,
                parts.GetRequiredService<CurrentSnapshot>().Value.Cluster.Nodes.Where(node => node.Channel == channel)),
            parts.GetRequiredService<BackgroundHealth>(),
            time,
            parts.GetRequiredService<ILogger<ReleaseUpdater>>()));
    }
}
