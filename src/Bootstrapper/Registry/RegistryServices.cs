using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Registry.Tokens;

namespace Bootstrapper.Registry;

/// <summary>What keeps the container registry filled, and frees what it needs no more.</summary>
internal static class RegistryServices
{
    /// <summary>Who may do what there, and how full it is.</summary>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public static void AddRegistryAccess(this IServiceCollection services, Bsroot bsroot, TimeProvider time)
    {
        services.AddSingleton(TokenKey.Open(bsroot, time)); // before the registry starts, which reads its certificate
        services.AddSingleton<RegistryTokens>();
        services.AddSingleton<ProgramPassword>();
        services.AddSingleton<DiskReserve>();
        services.AddSingleton<PreloadStatus>();
    }

    /// <param name="mode">Finds what has the registry refuse pushes, or take them again; returns when it answers.</param>
    public static void AddRegistry(
        this IServiceCollection services,
        Bsroot bsroot,
        ClusterDescription cluster,
        Func<IServiceProvider, Func<bool, CancellationToken, Task>> mode)
    {
        services.AddSingleton(parts => new RegistryClient(
            new IPEndPoint(cluster.Bootstrapper, cluster.Ports.Registry),
            bsroot.CaCertificate,
            parts.GetRequiredService<RegistryTokens>()));
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
