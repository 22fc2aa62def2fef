using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Registry;

/// <summary>What keeps the container registry filled, and frees what it needs no more.</summary>
internal static class RegistryServices
{
    /// <param name="mode">Finds what has the registry refuse pushes, or take them again; returns when it answers.</param>
    public static void AddRegistry(
        this IServiceCollection services,
        Bsroot bsroot,
        ClusterDescription cluster,
        Func<IServiceProvider, Func<bool, CancellationToken, Task>> mode)
    {
        services.AddSingleton(
            new RegistryClient(new IPEndPoint(cluster.Bootstrapper, cluster.Ports.Registry), bsroot.CaCertificate));
        services.AddSingleton<RegistryTurn>();
        services.AddHostedService<Preloader>();
        services.AddSingleton(parts => new GarbageCollection(
            bsroot,
            mode(parts),
            parts.GetRequiredService<RegistryTurn>(),
            parts.GetRequiredService<ILogger<GarbageCollection>>(),
            parts.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
    }
}
